import type { EpochMs } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { shownPath } from '../../files/system-reasons.ts';
import { readLog } from '../scan/log-file-chunks.ts';
import type { TakePoll } from './lmstat-polls.ts';
import { newSampleFile, type PolledHolder, type SampleFile } from './poll.ts';

type Labels = Readonly<Record<string, string>>;
type Role = 'used' | 'issued' | 'users' | 'reserved';

/**
 * What metrics tell. Sources: github.com/mjtrangoni/flexlm_exporter, collector/; our own are in
 * `control/own-metrics.ts`.
 */
const roles: Readonly<Record<string, Role>> = {
  flexlm_feature_used: 'used',
  flexlm_feature_issued: 'issued',
  flexlm_feature_used_users: 'users',
  flexlm_feature_reserved_groups: 'reserved',
  flexlm_feature_reserved_host: 'reserved',
  fauxlm_feature_seats_out: 'used',
  fauxlm_feature_seats: 'issued',
};

interface Series {
  readonly metric: Labels;
  readonly values: readonly (readonly [number, string])[];
}

/** One feature at one moment, as far as its series have told. */
interface Draft {
  used?: number;
  issued?: number;
  reserved: number;
  readonly holders: PolledHolder[];
}

/**
 * Reads answers of Prometheus to `/api/v1/query_range`: what several of them tell is one history.
 * @throws KnownError FILE_UNREADABLE; PLAN_NOT_A_LOG for what is no such answer; PLAN_TOO_LARGE
 */
export async function readRangePolls(
  paths: readonly string[],
  take: TakePoll,
): Promise<readonly SampleFile[]> {
  const range = new Range();
  const files: SampleFile[] = [];
  for (const path of paths) {
    const file = newSampleFile(path);
    files.push(file);
    for (const [index, series] of (await seriesOf(path)).entries()) range.add(series, index, file);
  }
  range.tell((poll) => take(poll, files[0]!));
  return files;
}

async function seriesOf(path: string): Promise<readonly Series[]> {
  const wrong = (got: string): KnownError => {
    const expected = 'the answer of Prometheus to a range query (resultType matrix)';
    return new KnownError('PLAN_NOT_A_LOG', `${shownPath(path)}: expected ${expected}, got ${got}`);
  };
  let answer: {
    status?: unknown;
    error?: unknown;
    data?: { resultType?: unknown; result?: unknown };
  };
  try {
    answer = JSON.parse(await wholeText(path));
  } catch (cause) {
    if (cause instanceof KnownError) throw cause;
    throw wrong(`no JSON: ${(cause as Error).message}`);
  }
  if (answer?.status === 'error') throw wrong(`an error: ${String(answer.error)}`);
  const { resultType, result } = answer?.data ?? {};
  if (resultType !== 'matrix') throw wrong(`${resultType ?? 'no data'}`);
  if (Array.isArray(result) && result.every(isSeries)) return result;
  throw wrong('series without labels and values');
}

function isSeries(value: unknown): value is Series {
  const { metric, values } = (value ?? {}) as Partial<Series>;
  return typeof metric === 'object' && metric !== null && Array.isArray(values);
}

async function wholeText(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  await readLog(path, (chunk) => {
    bytes += chunk.length;
    // The chunk is only lent.
    chunks.push(Buffer.from(chunk));
    return bytes <= limits.sampleBytesMax;
  });
  if (bytes <= limits.sampleBytesMax) return Buffer.concat(chunks).toString();
  const text = `${shownPath(path)}: expected at most ${limits.sampleBytesMax} bytes, got more: query shorter ranges`;
  throw new KnownError('PLAN_TOO_LARGE', text, { path });
}

class Range {
  /** By time, and by daemon and feature. */
  readonly #drafts = new Map<EpochMs, Map<string, Draft>>();
  readonly #known = new Map<string, Labels>();

  /** A series is what a line is to a log: it is understood or listed, by its number from 1. */
  add({ metric, values }: Series, index: number, file: SampleFile): void {
    const feature = metric['name'] ?? metric['feature'];
    const role = roleOf(metric);
    file.lines++;
    if (feature === undefined || role === undefined) {
      const text = JSON.stringify(metric).slice(0, 200);
      file.notUnderstood++;
      if (file.strangeLines.length < limits.logStrangeLinesMax) {
        file.strangeLines.push({ line: index + 1, text });
      }
      return;
    }
    file.understood++;
    const key = `${metric['app'] ?? metric['vendor'] ?? '-'}\n${feature}`;
    this.#checkTold(role, key, metric, file.path);
    for (const value of values) {
      const [seconds, text] = Array.isArray(value) ? value : [];
      const number = Number(text);
      // Prometheus writes NaN where there is nothing.
      if (typeof seconds !== 'number' || !(number >= 0) || !Number.isFinite(number)) continue;
      addValue(this.#draftAt(Math.round(seconds * 1_000), key), role, metric, Math.round(number));
    }
  }

  tell(take: (poll: Parameters<TakePoll>[0]) => void): void {
    for (const at of [...this.#drafts.keys()].sort((a, b) => a - b)) {
      const features = [...this.#drafts.get(at)!].flatMap(([key, draft]) => {
        const [daemon = '', feature = ''] = key.split('\n');
        const { issued, reserved, holders } = draft;
        const named = holders.reduce((sum, { count }) => sum + count, 0);
        const used = draft.used ?? (holders.length === 0 ? undefined : named);
        if (used === undefined) return [];
        const seats = { used: Math.max(0, used - reserved), holders };
        return [{ daemon, feature, ...seats, ...(issued === undefined ? {} : { issued }) }];
      });
      take({ at, features, complete: [], failures: 0 });
    }
  }

  #draftAt(at: EpochMs, key: string): Draft {
    let all = this.#drafts.get(at);
    if (all === undefined) {
      all = new Map();
      this.#drafts.set(at, all);
    }
    let draft = all.get(key);
    if (draft === undefined) {
      draft = { reserved: 0, holders: [] };
      all.set(key, draft);
    }
    return draft;
  }

  /** The same from two exporters would count twice. */
  #checkTold(role: Role, key: string, metric: Labels, path: string): void {
    if (role !== 'used' && role !== 'issued') return;
    const before = this.#known.get(`${role}\n${key}`);
    this.#known.set(`${role}\n${key}`, metric);
    if (before === undefined) return;
    const label = Object.keys(metric).find((each) => metric[each] !== before[each]);
    const got = label === undefined ? 'two' : `${label} "${before[label]}" and "${metric[label]}"`;
    const text =
      `${shownPath(path)}: expected one series of ${role} seats of ${key.replace('\n', ' ')}, got ${got}: ` +
      'query one license server at a time';
    throw new KnownError('USAGE', text);
  }
}

/** A query such as sum by (name) (...) leaves no name: then it is seats in use. */
function roleOf(metric: Labels): Role | undefined {
  const name = metric['__name__'];
  return name === undefined ? 'used' : roles[name];
}

function addValue(draft: Draft, role: Role, metric: Labels, value: number): void {
  if (role === 'users') {
    const { user = '', host = '', since, version = '' } = metric;
    const told = since !== undefined && /^\d{1,12}$/.test(since) ? { since: 1_000 * +since } : {};
    const key = JSON.stringify([user, host, since ?? '', version]);
    if (value > 0) draft.holders.push({ client: `${user}@${host}`, key, count: value, ...told });
  } else if (role === 'reserved') draft.reserved += value;
  else draft[role] = value;
}
