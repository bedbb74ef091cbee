import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { KnownError } from '../../base/errors.ts';
import { systemReason } from '../../files/system-reasons.ts';
import { writeWhole } from '../../files/whole-file.ts';
import type { Replayed } from '../replay-ledger.ts';
import { sharedDemand } from './shared-demand.ts';
import type { SweepGround, SweepPlace } from './sweep.ts';

/** Another way to replay makes other results: those of before are not for it. */
const VERSION = 1;

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
      mkdirSync(folder, { recursive: true });
    } catch (cause) {
      const text = `--resume: expected a folder to write to, got: ${systemReason(cause)}`;
      throw new KnownError('PLAN_STORE', text, { folder }, { cause });
    }
  }

  prepare(
    ground: SweepGround,
    here: (seats: number) => Replayed,
  ): (seats: number) => Promise<Replayed> {
    const replaying = this.#place.prepare(ground, here);
    const key = this.#keyOf(ground);
    return async (seats) => {
      const path = join(this.#folder, `${key}-${seats}.json`);
      const known = readReplayed(path, seats, ground.demand.at.length);
      if (known !== undefined) return known;
      const done = await replaying(seats);
      writeWhole(path, textOf(done));
      return done;
    };
  }

  #keyOf(ground: SweepGround): string {
    const { demand, names } = sharedDemand(ground);
    const { feature, daemon, change, ways } = ground;
    const hash = createHash('sha256');
    hash.update(JSON.stringify([VERSION, feature, daemon, change, ways, names, this.#texts]));
    for (const column of Object.values(demand)) {
      hash.update(Buffer.from(column.buffer, column.byteOffset, column.byteLength));
    }
    return hash.digest('hex').slice(0, 32);
  }
}

interface Kept {
  readonly seats: number;
  readonly starts: number;
  readonly waited: number;
  readonly waitMs: number;
  /** A byte a start, deflated. */
  readonly denied: string;
}

function textOf({ seats, denied, waited, waitMs }: Replayed): string {
  const packed = deflateRawSync(denied).toString('base64');
  const kept: Kept = { seats, starts: denied.length, waited, waitMs, denied: packed };
  return `${JSON.stringify(kept)}\n`;
}

/** Undefined when it is not there, or not what was written. */
function readReplayed(path: string, seats: number, starts: number): Replayed | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as Kept;
    const packed = Buffer.from(kept.denied, 'base64');
    const denied = new Uint8Array(inflateRawSync(packed, { maxOutputLength: starts + 1 }));
    if (kept.seats !== seats || denied.length !== starts) return undefined;
    return { seats, denied, waited: Number(kept.waited), waitMs: Number(kept.waitMs) };
  } catch {
    return undefined;
  }
}
