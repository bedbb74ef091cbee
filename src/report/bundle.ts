import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { countIn, isMapping, lengthIn, mappingIn, numberIn, type Plain, textIn } from './plain.ts';
import { recordAsJson, recordOfJson } from './record-codec.ts';
import type { RunRecord } from './run-record.ts';

/** How the generator itself fared: a figure measured by a generator out of breath says nothing of the server. */
export interface Health {
  /** Event-loop lag in milliseconds. */
  readonly lagP50Ms: number;
  readonly lagP99Ms: number;
  readonly lagMaxMs: number;
  /** Share (0 to 1) of the time in which the event loop was busy. */
  readonly loopUse: number;
  /** Processors used, on average: 1 is all of one. */
  readonly cpu: number;
}

/** One part of a run: which, where and when. */
export interface Part {
  readonly index: number;
  readonly of: number;
  /** Milliseconds since 1970, by the clock of its machine. */
  readonly startedAt: number;
  /** How far the server's clock was ahead of that one; absent when it is not known. */
  readonly serverAheadMs?: number;
  readonly tookMs: number;
  readonly health: Health;
}

/** What was to be done: parts of one run have all of it in common. */
export interface PlanFacts {
  /** Of everything that decides the arrivals and what they ask for. */
  readonly hash: string;
  readonly seed: string;
  readonly name: string;
  readonly server: string;
  readonly durationMs: number;
  /** Sessions a second that were to begin, on average; absent for a closed stream. */
  readonly offered?: number;
  /** Sessions of all parts together, as far as they are known beforehand. */
  readonly expected?: number;
}

/** A whole result, or one shard's. */
export interface Bundle {
  readonly plan: PlanFacts;
  readonly parts: readonly Part[];
  readonly record: RunRecord;
  /** Why it ended before its time. */
  readonly ended?: string;
}

/** When parts began, by the server's clock where all of them know it, else by those of their machines. */
export function beginsOf(parts: readonly Part[]): readonly number[] {
  const isKnown = parts.every(({ serverAheadMs }) => serverAheadMs !== undefined);
  return parts.map(({ startedAt, serverAheadMs = 0 }) => startedAt + (isKnown ? serverAheadMs : 0));
}

const KIND = 'fauxlm load bundle';
const VERSION = 1;

/** As plain data: what `--bundle` writes. */
export function bundleAsJson({ plan, parts, record, ended }: Bundle): object {
  const early = ended === undefined ? {} : { ended };
  return { kind: KIND, version: VERSION, plan, parts, ...early, ...recordAsJson(record) };
}

/**
 * Reads what `--bundle` or `--json-file` has written.
 * @throws KnownError LOAD_BUNDLE for anything else; `where` says what was read.
 */
export function bundleOfText(text: string, where: string): Bundle {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw noBundle(where, 'no JSON');
  }
  const inner = (value as { bundle?: unknown } | null)?.bundle ?? value;
  return bundleOfJson(inner, where);
}

/** @throws KnownError LOAD_BUNDLE */
export function bundleOfJson(value: unknown, where: string): Bundle {
  if (!isMapping(value) || value['kind'] !== KIND) throw noBundle(where, 'something else');
  if (value['version'] !== VERSION) {
    throw noBundle(where, `version ${String(value['version'])}; update fauxlm`);
  }
  try {
    return readBundle(value, where);
  } catch (cause) {
    if (cause instanceof KnownError) throw cause;
    throw noBundle(where, `damaged data: ${(cause as Error).message}`, cause);
  }
}

function readBundle(value: Plain, where: string): Bundle {
  const record = recordOfJson(value, where);
  const plan = mappingIn(value, 'plan');
  for (const name of ['hash', 'seed', 'name', 'server']) textIn(plan, name);
  lengthIn(plan, 'durationMs');
  for (const name of ['offered', 'expected']) if (name in plan) numberIn(plan, name);
  const parts = value['parts'] as readonly Plain[];
  for (const part of parts) {
    checkPlaceOf(part);
    for (const name of ['startedAt', 'tookMs']) numberIn(part, name);
    if (part['serverAheadMs'] !== undefined) numberIn(part, 'serverAheadMs');
    for (const name of ['lagP99Ms', 'loopUse', 'cpu']) numberIn(mappingIn(part, 'health'), name);
  }
  const ended = value['ended'];
  return {
    plan: plan as unknown as PlanFacts,
    parts: parts as unknown as readonly Part[],
    record,
    ...(typeof ended === 'string' ? { ended } : {}),
  };
}

/** Which of how many it is. */
function checkPlaceOf(part: Plain): void {
  const [index, of] = [countIn(part, 'index'), countIn(part, 'of')];
  if (index < of && of <= limits.loadShardsMax * limits.loadWorkersMax) return;
  throw new Error(`"index" and "of" are no part of a whole: ${index}/${of}`);
}

function noBundle(where: string, got: string, cause?: unknown): KnownError {
  const text = `${where}: expected what fauxlm load wrote with --bundle or --json-file, got ${got}`;
  return new KnownError('LOAD_BUNDLE', text, {}, { cause });
}
