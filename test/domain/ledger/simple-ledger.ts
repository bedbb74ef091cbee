import type { CheckoutCommand } from '../../../src/domain/ledger/commands.ts';
import type { Client } from '../../../src/domain/ledger/model.ts';
import { idOf, type SimpleLine, type SimplePool } from './simple-pools.ts';
import {
  isAbout,
  isNamed,
  isWho,
  maxKey,
  noOptions,
  type SimpleOptions,
  type SimpleRule,
} from './simple-rules.ts';

/**
 * The counting rules once more, as plainly as they can be said: no running totals, no index, every
 * number counted from the list of what is out. Slow on purpose; shares no code with the ledger.
 */

/** Seats taken at once: by a checkout alone, or added to those that a key's checkouts share. */
interface Lot {
  readonly pool: string;
  /** `handle 101`, or the key. */
  readonly owner: string;
  readonly seats: number;
  /** The MAX line that counts them, with the feature and with whom. */
  readonly max: string | undefined;
  /** By RESERVE line: seats taken of it. */
  readonly reserved: ReadonlyMap<SimpleRule, number>;
}

interface Held {
  readonly handle: number;
  readonly session: number;
  readonly client: Client;
  readonly pool: string;
  readonly feature: string;
  /** `handle 101`, or the key it shares by. */
  readonly owner: string;
  readonly count: number;
}

export type Answer =
  | { readonly kind: 'granted'; readonly pool: string; readonly added: number }
  | { readonly kind: 'denied'; readonly major: number };

const DAY_MS = 24 * 60 * 60 * 1000;

export class SimpleLedger {
  held: Held[] = [];
  pools: readonly SimplePool[];
  options: SimpleOptions;
  #lots: Lot[] = [];
  #nextHandle = 101;

  constructor(pools: readonly SimplePool[], options = noOptions) {
    this.pools = pools;
    this.options = options;
  }

  checkout(request: CheckoutCommand, now: number): Answer {
    const pools = this.pools.filter((pool) => same(pool.feature, request.feature));
    if (pools.length === 0) return { kind: 'denied', major: -5 };
    let worst = -1;
    let major = 0;
    for (const pool of pools) {
      const reasons = this.#reasons(pool, request, now);
      const first = reasons.findIndex(([, holds]) => holds);
      if (first < 0) return this.#grant(pool, request, now);
      if (first > worst) [worst, major] = [first, reasons[first]![0]];
    }
    return { kind: 'denied', major };
  }

  #reasons(pool: SimplePool, request: CheckoutCommand, now: number): [number, boolean][] {
    const { client, version } = request;
    const day = Math.floor(now / DAY_MS);
    const valid = validLines(pool, now);
    const { issued, all } = this.#seats(pool, now);
    const count = Math.max(request.count, pool.minimum ?? 1);
    const added = this.#added(pool, request);
    const future = pool.lines.some(
      ({ firstDay = -Infinity, lastDay = Infinity }) => day < firstDay && firstDay <= lastDay,
    );
    const siblings = this.pools.filter((each) => same(each.feature, pool.feature)).length;
    const named = isNamed(pool, siblings, client, this.options);
    const rules = this.options.rules.filter((rule) => isAbout(rule, pool));
    const about = (keyword: string) => rules.filter((rule) => rule.keyword === keyword);
    const me = (rule: SimpleRule) => isWho(rule, client, this.options);
    const passes = (keyword: string) => about(keyword).length === 0 || about(keyword).some(me);
    const max = this.#maxOf(pool, client);
    const others = this.#idle(pool, issued)
      .filter(({ rule }) => !me(rule))
      .reduce((sum, { seats }) => sum + seats, 0);
    const free = all - this.used(pool);
    return [
      [-42, !(request.count >= 1)],
      [-77, !/^(\d+\.?\d*|\.\d+|)$/.test(version)],
      [-31, valid.length === 0 && future],
      [-10, valid.length === 0],
      [-9, pool.hostid !== undefined && !client.hostids.includes(pool.hostid)],
      [-89, pool.platform !== undefined && pool.platform !== client.platform],
      [-25, isNewer(version, pool.version)],
      [-38, about('EXCLUDEALL').some(me) || about('EXCLUDE').some(me)],
      [
        -39,
        named !== 'nobody' && (!passes('INCLUDEALL') || !passes('INCLUDE') || named === 'unnamed'),
      ],
      [-84, named === 'nobody'],
      [-87, max !== undefined && added > 0 && max.seats + added > max.rule.count],
      [-26, pool.counted && added > 0 && count > all],
      [-101, pool.counted && added > 0 && added <= free && added > free - others],
      [-4, pool.counted && added > 0 && added > free],
    ];
  }

  /** Seats that may be out at a time: those issued, and all with overdraft. */
  #seats(pool: SimplePool, now: number): { issued: number; all: number } {
    if (!pool.counted) return { issued: 0, all: 0 };
    const lines = validLines(pool, now);
    const issued = lines.reduce((sum, { count }) => sum + count, 0);
    const offered = lines.reduce((sum, { overdraft }) => sum + overdraft, 0);
    const limit = this.options.rules.findLast(
      (rule) => rule.keyword === 'MAX_OVERDRAFT' && isAbout(rule, pool),
    );
    return { issued, all: issued + Math.min(offered, limit?.count ?? Infinity) };
  }

  /** The MAX line about a client, and the seats that it counts with the client's. */
  #maxOf(pool: SimplePool, client: Client) {
    for (const rule of this.options.rules) {
      const key = maxKey(rule, client, this.options);
      if (rule.keyword !== 'MAX' || !isAbout(rule, pool) || key === undefined) continue;
      const index = this.options.rules.indexOf(rule);
      const id = `${index} ${pool.feature.toLowerCase()} ${key}`;
      const lots = this.#lots.filter(({ max }) => max === id);
      return { rule, id, seats: lots.reduce((sum, { seats }) => sum + seats, 0) };
    }
    return undefined;
  }

  /** Seats of a pool that RESERVE lines hold and nobody uses, line by line. */
  #idle(pool: SimplePool, issued: number): { rule: SimpleRule; seats: number }[] {
    const unreserved = new Map(
      this.pools.map((each) => [each, each.counted ? totalOf(each) : 0] as const),
    );
    let left = issued;
    const idle: { rule: SimpleRule; seats: number }[] = [];
    for (const rule of this.options.rules.filter(({ keyword }) => keyword === 'RESERVE')) {
      let wanted = rule.count;
      const siblings = this.pools.filter((each) => same(each.feature, pool.feature));
      for (const each of siblings.filter((sibling) => isAbout(rule, sibling))) {
        const taken = Math.min(wanted, unreserved.get(each)!);
        unreserved.set(each, unreserved.get(each)! - taken);
        wanted -= taken;
        if (each !== pool) continue;
        const held = Math.min(taken, left);
        left -= held;
        const lots = this.#lots.filter((lot) => lot.pool === idOf(pool));
        const out = lots.reduce((sum, { reserved }) => sum + (reserved.get(rule) ?? 0), 0);
        if (held > out) idle.push({ rule, seats: held - out });
      }
    }
    return idle;
  }

  /** What lmstat lists as reserved: no more than is there. */
  reserved(pool: SimplePool, now: number): number {
    const { issued, all } = this.#seats(pool, now);
    const idle = this.#idle(pool, issued).reduce((sum, { seats }) => sum + seats, 0);
    return Math.max(0, Math.min(idle, all - this.used(pool)));
  }

  #grant(pool: SimplePool, request: CheckoutCommand, now: number): Answer {
    const added = this.#added(pool, request);
    const { client, session } = request;
    const handle = this.#nextHandle++;
    const owner = keyOf(pool, request) || `handle ${handle}`;
    const count = Math.max(request.count, pool.minimum ?? 1);
    this.#takeLot(pool, client, owner, added, this.#seats(pool, now).issued);
    const { feature } = pool;
    this.held.push({ handle, session, client, pool: idOf(pool), feature, owner, count });
    return { kind: 'granted', pool: idOf(pool), added };
  }

  #takeLot(pool: SimplePool, client: Client, owner: string, seats: number, issued: number): void {
    const max = this.#maxOf(pool, client)?.id;
    const reserved = new Map<SimpleRule, number>();
    let left = seats;
    for (const idle of this.#idle(pool, issued)) {
      if (!isWho(idle.rule, client, this.options)) continue;
      const taken = Math.min(left, idle.seats);
      reserved.set(idle.rule, taken);
      left -= taken;
    }
    this.#lots.push({ pool: idOf(pool), owner, seats, max, reserved });
  }

  #added(pool: SimplePool, request: CheckoutCommand): number {
    const key = keyOf(pool, request);
    const shared = this.#lots
      .filter((lot) => lot.pool === idOf(pool) && key !== '' && lot.owner === key)
      .reduce((sum, { seats }) => sum + seats, 0);
    return Math.max(0, Math.max(request.count, pool.minimum ?? 1) - shared);
  }

  used(pool: SimplePool): number {
    const lots = this.#lots.filter((lot) => lot.pool === idOf(pool));
    return lots.reduce((sum, { seats }) => sum + seats, 0);
  }

  /** Gives back all that `leaves` says; returns their handles, oldest first. */
  giveBack(leaves: (held: Held) => boolean): number[] {
    const gone = this.held.filter(leaves);
    this.held = this.held.filter((each) => !gone.includes(each));
    this.#lots = this.#lots.filter((lot) =>
      this.held.some(({ pool, owner }) => pool === lot.pool && owner === lot.owner),
    );
    return gone.map(({ handle }) => handle);
  }

  /** New rules count what is out anew: a key's seats as those of its oldest checkout. */
  reread(pools: readonly SimplePool[], options: SimpleOptions, now: number): number[] {
    const gone = this.giveBack(({ pool }) => !pools.some((each) => idOf(each) === pool));
    this.pools = pools;
    this.options = options;
    const before = this.#lots;
    this.#lots = [];
    for (const { pool: id, owner, client } of this.held) {
      if (this.#lots.some((lot) => lot.pool === id && lot.owner === owner)) continue;
      const pool = pools.find((each) => idOf(each) === id)!;
      const seats = before
        .filter((lot) => lot.pool === id && lot.owner === owner)
        .reduce((sum, lot) => sum + lot.seats, 0);
      this.#takeLot(pool, client, owner, seats, this.#seats(pool, now).issued);
    }
    return gone;
  }
}

function validLines({ lines }: SimplePool, now: number): readonly SimpleLine[] {
  const day = Math.floor(now / DAY_MS);
  return lines.filter(
    ({ firstDay = -Infinity, lastDay = Infinity }) => firstDay <= day && day <= lastDay,
  );
}

function totalOf({ lines }: SimplePool): number {
  return lines.reduce((sum, { count }) => sum + count, 0);
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
