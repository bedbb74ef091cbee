import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { KnownError } from '../../base/errors.ts';
import { makeFolders } from '../../files/folders.ts';
import { systemReason } from '../../files/system-reasons.ts';
import { writeWhole } from '../../files/whole-file.ts';
import { type SeatCounts, WEEK_DAYS } from '../estimate/seat-search.ts';
import type { ReplayOrder } from './demand-replays.ts';
import type { Replaying, SweepGround, SweepPlace } from './sweep.ts';

/** Another way to replay makes other results: those of before are not for it. */
const VERSION = 2;

/**
 * Keeps what is replayed in a folder, a file each, so that a sweep that was broken off goes on where it was, and
 * folders of several machines may be put together. A file's name says what was asked: nothing stale is ever taken.
 */
export class SweepStore implements SweepPlace {
  readonly #folder: string;
  readonly #texts: readonly string[];
  readonly #place: SweepPlace;

  /** `texts`: of the license files that count. @throws KnownError PLAN_STORE when the folder cannot be made */
  constructor(folder: string, texts: readonly string[], place: SweepPlace) {
    this.#folder = folder;
    this.#texts = texts;
    this.#place = place;
    try {
      makeFolders(folder);
    } catch (cause) {
      const text = `--resume: expected a folder to write to, got: ${systemReason(cause)}`;
      throw new KnownError('PLAN_STORE', text, { folder }, { cause });
    }
  }

  prepare(ground: SweepGround, here: (order: ReplayOrder) => SeatCounts): Replaying {
    const replaying = this.#place.prepare(ground, here);
    const key = this.#keyOf(ground);
    return async (order) => {
      const path = join(this.#folder, `${key}-${nameOf(order)}.json`);
      const known = readCounts(path, order, ground);
      if (known !== undefined) return known;
      const done = await replaying(order);
      writeWhole(path, textOf(done));
      return done;
    };
  }

  #keyOf(ground: SweepGround): string {
    const { demand, clients } = ground.shared();
    const { feature, daemon, change, ways, weeks, timeZone } = ground;
    const hash = createHash('sha256');
    const asked = [VERSION, feature, daemon, change, ways, weeks, timeZone, this.#texts];
    hash.update(JSON.stringify(asked));
    for (const column of [...Object.values(demand), ...Object.values(clients)]) {
      hash.update(Buffer.from(column.buffer, column.byteOffset, column.byteLength));
    }
    return hash.digest('hex').slice(0, 32);
  }
}

/** `57`, or `57-9c1185a5c5e9fc54` for days drawn by a seed. */
function nameOf({ seats, drawnBy }: ReplayOrder): string {
  if (drawnBy === undefined) return `${seats}`;
  return `${seats}-${createHash('sha256').update(drawnBy).digest('hex').slice(0, 16)}`;
}

/** The counts by day, deflated: 8 bytes a day. */
type Kept = Omit<SeatCounts, ByDay> & Record<ByDay, string>;
type ByDay = (typeof byDay)[number];

const byDay = ['deniedByDay', 'startsByDay', 'deniedHoursByDay'] as const;

function textOf(counts: SeatCounts): string {
  const packed = byDay.map((name) => {
    const { buffer, byteOffset, byteLength } = counts[name];
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    return [name, deflateRawSync(bytes).toString('base64')];
  });
  const kept = { ...counts, ...Object.fromEntries(packed) } as Kept;
  return `${JSON.stringify(kept)}\n`;
}

/** Undefined when it is not there, or not what was written. */
function readCounts(
  path: string,
  { seats }: ReplayOrder,
  { weeks }: SweepGround,
): SeatCounts | undefined {
  if (!existsSync(path)) return undefined;
  const days = WEEK_DAYS * weeks.count;
  try {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as Kept;
    const columns = byDay.map((name) => {
      const packed = Buffer.from(kept[name], 'base64');
      const bytes = inflateRawSync(packed, { maxOutputLength: 8 * days + 1 });
      return [name, new Float64Array(Uint8Array.from(bytes).buffer)] as const;
    });
    const numbers = [kept.denied, kept.starts, kept.deniedHours, kept.waited, kept.waitMs];
    const isWhole = columns.every(([, column]) => column.length === days);
    if (kept.seats !== seats || !isWhole || !numbers.every(Number.isFinite)) return undefined;
    return { ...kept, ...(Object.fromEntries(columns) as Pick<SeatCounts, ByDay>) };
  } catch {
    return undefined;
  }
}
