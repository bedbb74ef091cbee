import type { CheckoutCommand } from '../../../src/domain/ledger/commands.ts';
import type { Client } from '../../../src/domain/ledger/model.ts';
import type { DupGroup } from '../../../src/domain/license/model.ts';
import type { PoolDefinition } from '../../../src/domain/license/pool-definition.ts';
import { makeFeatureLine, permanent } from '../../make.ts';

/**
 * The counting rules once more, as plainly as they can be said: no running totals, no index, every
 * number counted from the list of what is out. Slow on purpose; shares no code with the ledger.
 */

/** A pool in few words: versions as text, days counted from 1970 in UTC. */
export interface SimplePool {
  readonly feature: string;
  readonly version: string;
  readonly counted: boolean;
  /** NONE, SITE or letters out of UHDV. */
  readonly dup: string;
  readonly hostid: string | undefined;
  readonly platform: string | undefined;
  readonly lines: readonly SimpleLine[];
}

export interface SimpleLine {
  readonly firstDay: number | undefined;
  readonly lastDay: number | undefined;
  readonly count: number;
}

interface Held {
  readonly handle: number;
  readonly session: number;
  readonly client: Client;
  readonly pool: string;
  readonly feature: string;
  readonly key: string;
  readonly count: number;
}

export type Answer =
  | { readonly kind: 'granted'; readonly pool: string; readonly added: number }
  | { readonly kind: 'denied'; readonly major: number };

const DAY_MS = 24 * 60 * 60 * 1000;

export class SimpleLedger {
  held: Held[] = [];
  pools: readonly SimplePool[];
  /** The most that a key's checkouts asked for since it was last unused. */
  #peaks = new Map<string, number>();
  #nextHandle = 101;

  constructor(pools: readonly SimplePool[]) {
    this.pools = pools;
  }

  checkout(request: CheckoutCommand, now: number): Answer {
    const pools = this.pools.filter((pool) => same(pool.feature, request.feature));
    if (pools.length === 0) return { kind: 'denied', major: -5 };
    let worst = -1;
    let major = 0;
    for (const pool of pools) {
      const reasons = this.#reasons(pool, request, now);
      const first = reasons.findIndex(([, holds]) => holds);
      if (first < 0) return this.#grant(pool, request);
      if (first > worst) [worst, major] = [first, reasons[first]![0]];
    }
    return { kind: 'denied', major };
  }

  #reasons(pool: SimplePool, request: CheckoutCommand, now: number): [number, boolean][] {
    const { client, count, version } = request;
    const day = Math.floor(now / DAY_MS);
    const started = pool.lines.filter(({ firstDay = -Infinity }) => firstDay <= day);
    const valid = started.filter(({ lastDay = Infinity }) => day <= lastDay);
    const seats = valid.reduce((sum, line) => sum + line.count, 0);
    const added = this.#added(pool, request);
    const future = pool.lines.some(
      ({ firstDay = -Infinity, lastDay = Infinity }) => day < firstDay && firstDay <= lastDay,
    );
    return [
      [-42, !(count >= 1)],
      [-77, !/^(\d+\.?\d*|\.\d+|)$/.test(version)],
      [-31, valid.length === 0 && future],
      [-10, valid.length === 0],
      [-9, pool.hostid !== undefined && !client.hostids.includes(pool.hostid)],
      [-89, pool.platform !== undefined && pool.platform !== client.platform],
      [-25, isNewer(version, pool.version)],
      [-26, pool.counted && added > 0 && count > seats],
      [-4, pool.counted && added > 0 && this.used(pool) + added > seats],
    ];
  }

  #grant(pool: SimplePool, request: CheckoutCommand): Answer {
    const added = this.#added(pool, request);
    const { client, session, count } = request;
    const key = keyOf(pool, request);
    const handle = this.#nextHandle++;
    this.held.push({
      handle,
      session,
      client,
      pool: idOf(pool),
      feature: pool.feature,
      key,
      count,
    });
    if (key !== '') {
      const name = `${idOf(pool)} ${key}`;
      this.#peaks.set(name, Math.max(this.#peaks.get(name) ?? 0, count));
    }
    return { kind: 'granted', pool: idOf(pool), added };
  }

  #added(pool: SimplePool, request: CheckoutCommand): number {
    const shared = this.#peaks.get(`${idOf(pool)} ${keyOf(pool, request)}`) ?? 0;
    return Math.max(0, request.count - shared);
  }

  used(pool: SimplePool): number {
    const mine = this.held.filter((each) => each.pool === idOf(pool));
    const keys = new Set(mine.map(({ key }) => key).filter((key) => key !== ''));
    const alone = mine.filter(({ key }) => key === '').reduce((sum, { count }) => sum + count, 0);
    const shared = [...keys].reduce(
      (sum, key) => sum + this.#peaks.get(`${idOf(pool)} ${key}`)!,
      0,
    );
    return alone + shared;
  }

  /** Gives back all that `leaves` says; returns their handles, oldest first. */
  giveBack(leaves: (held: Held) => boolean): number[] {
    const gone = this.held.filter(leaves);
    this.held = this.held.filter((each) => !gone.includes(each));
    for (const { pool, key } of gone) {
      const still = this.held.some((each) => each.pool === pool && each.key === key);
      if (!still) this.#peaks.delete(`${pool} ${key}`);
    }
    return gone.map(({ handle }) => handle);
  }

  reread(pools: readonly SimplePool[]): number[] {
    const gone = this.giveBack(({ pool }) => !pools.some((each) => idOf(each) === pool));
    this.pools = pools;
    return gone;
  }
}

/** What tells pools apart, as text. */
export function idOf({ feature, version, counted, dup, hostid, platform }: SimplePool): string {
  return [feature.toLowerCase(), version, counted, dup, hostid, platform].join('/');
}

function keyOf(pool: SimplePool, { client, data }: CheckoutCommand): string {
  if (pool.dup === 'NONE' || pool.dup === '') return '';
  if (pool.dup === 'SITE') return 'everyone';
  const { user, host, display } = client;
  const fields: Record<string, string> = { U: user, H: host, D: display, V: data };
  return JSON.stringify([...pool.dup].map((letter) => fields[letter]));
}

function isNewer(asked: string, licensed: string): boolean {
  const [askedWhole = '', askedPart = ''] = asked.split('.');
  const [whole = '', part = ''] = licensed.split('.');
  if (Number(askedWhole) !== Number(whole)) return Number(askedWhole) > Number(whole);
  return askedPart.padEnd(20, '0') > part.padEnd(20, '0');
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The same pool in the ledger's own words. */
export function definitionOf(pool: SimplePool): PoolDefinition {
  const { feature, version, counted, hostid, platform } = pool;
  return {
    id: idOf(pool),
    feature,
    vendor: 'acmed',
    version,
    counted,
    dupGroup: dupGroupOf(pool.dup),
    ...(hostid !== undefined && { hostids: [hostid] }),
    ...(platform !== undefined && { platforms: [platform] }),
    lines: pool.lines.map(({ firstDay, lastDay, count }) =>
      makeFeatureLine({
        name: feature,
        version,
        count,
        expiry:
          lastDay === undefined ? permanent : { kind: 'date', text: '', date: dateOf(lastDay) },
        attributes: firstDay === undefined ? {} : { start: dateOf(firstDay) },
      }),
    ),
  };
}

export function dupGroupOf(dup: string): DupGroup {
  if (dup === 'NONE') return { kind: 'none' };
  if (dup === 'SITE') return { kind: 'site' };
  const has = (letter: string) => dup.includes(letter);
  return { kind: 'fields', user: has('U'), host: has('H'), display: has('D'), vendor: has('V') };
}

function dateOf(day: number): { year: number; month: number; day: number } {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
