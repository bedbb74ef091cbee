import { statSync } from 'node:fs';
import type { EpochMs } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { textLines } from '../../files/text-lines.ts';
import { parseLmstat } from '../../text/lmstat-parser/parse-lmstat.ts';
import type {
  ParsedFeature,
  ParsedLmstat,
  ParsedPool,
  ParsedUser,
} from '../../text/lmstat-parser/parsed.ts';
import { dayNumber, type WallClock } from '../scan/wall-clock.ts';
import { newSampleFile, type Poll, type PolledFeature, type SampleFile } from './poll.ts';

/** The second line of an output tells when it was made. Source: public outputs of lmutil 8.4 to 11.19. */
export const statusLine = /^Flexible License Manager status on /;
/** What lmutil begins with, in all releases. */
export const bannerLine = /^(?:\S+ - )?(?:Copyright )?\(c\) \d{4}\b/i;
/** Lines in which a file must tell its first time. */
const HEAD_LINES_MAX = 1_000;

/** One output of lmstat. */
interface Output {
  readonly lines: string[];
  /** Number of its first line in the file, from 1. */
  readonly from: number;
}

export type TakePoll = (poll: Poll, file: SampleFile) => void;

/**
 * Reads outputs of lmstat, files of many one after another or one each, in the order of the times they tell.
 * @throws KnownError FILE_UNREADABLE; PLAN_TOO_LARGE for an output of more than `limits.lmstatLinesMax` lines
 */
export async function readLmstatPolls(
  paths: readonly string[],
  wall: WallClock,
  take: TakePoll,
  report: (path: string, bytes: number) => void,
): Promise<readonly SampleFile[]> {
  const reading = new LmstatReading(wall, take, report);
  for (const path of await inOrder(paths, wall)) await reading.read(path);
  return reading.files;
}

async function inOrder(paths: readonly string[], wall: WallClock): Promise<readonly string[]> {
  if (paths.length === 1) return paths;
  const starts: { readonly path: string; readonly at: EpochMs }[] = [];
  for (const path of paths) starts.push({ path, at: await firstTime(path, wall) });
  return starts.sort((a, b) => a.at - b.at).map(({ path }) => path);
}

async function firstTime(path: string, wall: WallClock): Promise<EpochMs> {
  let left = HEAD_LINES_MAX;
  for await (const line of textLines(path)) {
    const at = statusLine.test(line) ? parseLmstat(line).at : undefined;
    if (at !== undefined) return instantOf(at, wall, Number.NEGATIVE_INFINITY);
    if (--left === 0) break;
  }
  return fileTime(path);
}

/** When a file was written last: what is left when nothing in it tells. */
function fileTime(path: string): EpochMs {
  return Math.floor(statSync(path).mtimeMs / 1_000) * 1_000;
}

/** The instant of `2026-03-09T08:49` or with seconds, on the clock of the machine that ran lmstat. */
function instantOf(text: string, wall: WallClock, after: EpochMs): EpochMs {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text
    .split(/[-T:]/)
    .map(Number);
  return wall.instant(dayNumber(year, month, day), 3_600 * hour + 60 * minute + second, after);
}

class LmstatReading {
  readonly files: SampleFile[] = [];
  readonly #wall: WallClock;
  readonly #take: TakePoll;
  readonly #report: (path: string, bytes: number) => void;
  #latest = Number.NEGATIVE_INFINITY;

  constructor(wall: WallClock, take: TakePoll, report: (path: string, bytes: number) => void) {
    this.#wall = wall;
    this.#take = take;
    this.#report = report;
  }

  async read(path: string): Promise<void> {
    const file = newSampleFile(path);
    this.files.push(file);
    let only: Output | undefined;
    let bytes = 0;
    for await (const output of outputsOf(path, (length) => (bytes += length))) {
      this.#report(path, bytes);
      // A file of a single output may go by the time of the file.
      if (output.from === 1) only = output;
      else {
        if (only !== undefined) this.#output(only, file, false);
        only = undefined;
        this.#output(output, file, false);
      }
    }
    if (only !== undefined) this.#output(only, file, true);
  }

  #output({ lines, from }: Output, file: SampleFile, isOnly: boolean): void {
    const parsed = parseLmstat(lines.join('\n'));
    countLines(file, lines, from, parsed);
    const { at: told } = parsed;
    if (told === undefined && !isOnly) {
      file.withoutTime++;
      return;
    }
    const at = told === undefined ? fileTime(file.path) : instantOf(told, this.#wall, this.#latest);
    if (at >= this.#latest) this.#latest = at;
    this.#take(pollOf(parsed, at, this.#wall), file);
  }
}

function countLines(
  file: SampleFile,
  lines: readonly string[],
  from: number,
  { unexplained, unexplainedCount }: ParsedLmstat,
): void {
  const empty = lines.filter((line) => line.trim() === '').length;
  file.lines += lines.length;
  file.ignored += empty;
  file.notUnderstood += unexplainedCount;
  file.understood += lines.length - empty - unexplainedCount;
  for (const { line, text } of unexplained) {
    if (file.strangeLines.length >= limits.logStrangeLinesMax) break;
    file.strangeLines.push({ line: from + line - 1, text: text.slice(0, 200) });
  }
}

/** Cuts a file where an output begins: at its banner, or where that is missing at the line that tells the time. */
async function* outputsOf(path: string, read: (length: number) => void): AsyncGenerator<Output> {
  let output: Output = { lines: [], from: 1 };
  let hasTime = false;
  let hasText = false;
  let number = 0;
  for await (const line of textLines(path)) {
    number++;
    read(line.length + 1);
    const isTime = statusLine.test(line);
    if (hasText && (bannerLine.test(line) || (isTime && hasTime))) {
      yield output;
      output = { lines: [], from: number };
      hasTime = false;
      hasText = false;
    }
    hasTime ||= isTime;
    hasText ||= line.trim() !== '';
    output.lines.push(line);
    if (output.lines.length <= limits.lmstatLinesMax) continue;
    const most = limits.lmstatLinesMax;
    const text = `${path}:${output.from}: expected outputs of at most ${most} lines, got more`;
    throw new KnownError('PLAN_TOO_LARGE', text, { path });
  }
  if (output.lines.length > 0) yield output;
}

function pollOf({ servers }: ParsedLmstat, at: EpochMs, wall: WallClock): Poll {
  const features = new Map<string, PolledFeature>();
  const complete: string[] = [];
  let failures = 0;
  for (const { vendors, failure } of servers) {
    if (failure) failures++;
    for (const vendor of vendors) {
      if (vendor.state === 'down') {
        failures++;
        continue;
      }
      if (vendor.state === 'up') complete.push(vendor.name);
      for (const feature of vendor.features) {
        const polled = featureOf(feature, vendor.name, at, wall);
        if (polled === undefined) continue;
        const key = `${polled.daemon}\n${polled.feature}`;
        const same = features.get(key);
        features.set(key, same === undefined ? polled : together(same, polled));
      }
    }
  }
  return { at, features: [...features.values()], complete, failures };
}

/** A feature that two servers of a license path have. */
function together(one: PolledFeature, other: PolledFeature): PolledFeature {
  const issued =
    one.issued === undefined || other.issued === undefined ? undefined : one.issued + other.issued;
  return {
    ...{ daemon: one.daemon, feature: one.feature, used: one.used + other.used },
    ...(issued === undefined ? {} : { issued }),
    holders: [...one.holders, ...other.holders],
  };
}

function featureOf(
  feature: ParsedFeature,
  daemon: string,
  at: EpochMs,
  wall: WallClock,
): PolledFeature | undefined {
  if (feature.kind !== 'counted' && feature.kind !== 'uncounted') return undefined;
  const { name, pools } = feature;
  const holders = pools.flatMap(({ users }) => users.map((user) => holderOf(user, at, wall)));
  const named = holders.reduce((sum, { count }) => sum + count, 0);
  if (feature.kind === 'uncounted') return { daemon, feature: name, used: named, holders };
  const used = Math.max(0, feature.used - reservedOf(pools));
  return { daemon, feature: name, used, issued: feature.issued, holders };
}

function reservedOf(pools: readonly ParsedPool[]): number {
  return pools.reduce(
    (sum, { reservations }) => sum + reservations.reduce((seats, { count }) => seats + count, 0),
    0,
  );
}

function holderOf(
  user: ParsedUser,
  at: EpochMs,
  wall: WallClock,
): PolledFeature['holders'][number] {
  const { client, handle, startText, start, count } = user;
  return {
    ...{ client: `${user.user}@${user.host}`, key: `${client} ${handle} ${startText}`, count },
    ...(start === undefined ? {} : { since: Math.min(at, instantOf(start, wall, 0)) }),
  };
}
