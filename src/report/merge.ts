import { KnownError } from '../base/errors.ts';
import { type Bundle, beginsOf, type Part } from './bundle.ts';
import { RunRecord } from './run-record.ts';

/** A bundle and where it was read. */
export interface NamedBundle {
  readonly where: string;
  readonly bundle: Bundle;
}

/**
 * Puts the shards of one run together: exactly, since counts and histograms only add up. Intervals lie over each
 * other by the server's clock, to the nearest whole one, where all shards know how far theirs is from it; else, and
 * when shards did not run at the same time, each counts from its own begin.
 * @throws KnownError LOAD_BUNDLE unless they are all the parts of the same plan, each once; with `partial` some may
 * be missing.
 */
export function mergeBundles(all: readonly NamedBundle[], { partial = false } = {}): Bundle {
  const [first] = all;
  if (first === undefined) throw new KnownError('LOAD_BUNDLE', 'expected bundles, got none');
  checkSamePlan(first, all);
  const parts = all.flatMap(({ bundle }) => bundle.parts);
  if (parts.length === 0) {
    const text = `${first.where}: expected a run that had begun, got one that ended before`;
    throw new KnownError('LOAD_BUNDLE', text);
  }
  checkParts(parts, all, partial);
  const record = new RunRecord(first.bundle.record.intervalMs);
  const later = delaysOf(all);
  for (const [at, { bundle }] of all.entries()) record.add(bundle.record, later[at]);
  const ended = all.map(({ bundle }) => bundle.ended).find((each) => each !== undefined);
  return {
    plan: first.bundle.plan,
    parts: [...parts].sort((a, b) => a.index / a.of - b.index / b.of),
    record,
    ...(ended === undefined ? {} : { ended }),
  };
}

/** How many intervals after the first each has begun. */
function delaysOf(all: readonly NamedBundle[]): readonly number[] {
  const parts = all.flatMap(({ bundle }) => bundle.parts);
  if (parts.some(({ serverAheadMs }) => serverAheadMs === undefined)) return all.map(() => 0);
  const begins = all.map(({ bundle }) => Math.min(...beginsOf(bundle.parts)));
  const first = Math.min(...begins);
  const { plan, record } = all[0]!.bundle;
  if (begins.some((begin) => begin - first >= plan.durationMs)) return all.map(() => 0);
  return begins.map((begin) => Math.round((begin - first) / record.intervalMs));
}

function checkSamePlan(first: NamedBundle, all: readonly NamedBundle[]): void {
  const mine = first.bundle.plan;
  for (const named of all) {
    checkSameIntervals(first, named);
    const { where, bundle } = named;
    for (const fact of ['seed', 'hash'] as const) {
      if (bundle.plan[fact] === mine[fact]) continue;
      const what = fact === 'seed' ? 'the seed' : 'the same workload, by its hash,';
      const text = `${where}: expected ${what} ${mine[fact]} of ${first.where}, got ${bundle.plan[fact]}`;
      throw new KnownError('LOAD_BUNDLE', text);
    }
  }
}

/** Intervals of other lengths would be added to moments that they do not cover. */
function checkSameIntervals(first: NamedBundle, { where, bundle }: NamedBundle): void {
  const [mine, theirs] = [first.bundle.record.intervalMs, bundle.record.intervalMs];
  if (mine === theirs) return;
  const text = `${where}: expected intervals of ${mine} ms as in ${first.where}, got ${theirs}`;
  throw new KnownError('LOAD_BUNDLE', text);
}

/** Every part of the run once: what parts of parts cover is looked at in the finest of them. */
function checkParts(parts: readonly Part[], all: readonly NamedBundle[], partial: boolean): void {
  const finest = Math.max(...parts.map(({ of }) => of));
  const owner = new Map<number, string>();
  for (const { where, bundle } of all) {
    for (const { index, of } of bundle.parts) {
      for (let at = index; at < finest; at += of) {
        const other = owner.get(at);
        owner.set(at, where);
        if (other === undefined) continue;
        const text = `${where}: expected each shard once, got ${index}/${of}, which ${other} has, too`;
        throw new KnownError('LOAD_BUNDLE', text);
      }
    }
  }
  if (partial || owner.size === finest) return;
  const missing = Array.from({ length: finest }, (_, at) => at).filter((at) => !owner.has(at));
  const shown = missing.slice(0, 5).map((at) => `${at}/${finest}`);
  const more = missing.length > shown.length ? ` and ${missing.length - shown.length} more` : '';
  throw new KnownError(
    'LOAD_BUNDLE',
    `expected all ${finest} shards, got none of ${shown.join(', ')}${more}; --partial goes without`,
  );
}
