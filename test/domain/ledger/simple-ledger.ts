import type { CheckoutCommand } from '../../../src/domain/ledger/commands.ts';
import type { Client } from '../../../src/domain/ledger/model.ts';
import type { Activity } from '../../../src/domain/ledger/quiet-sessions.ts';
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
import { expiryOf, lingerMs, nextScan, simpleSilenceSeconds, timeoutMs } from './simple-times.ts';

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
  readonly since: number;
  /** Set when its client has left it. */
  readonly lingersUntil?: number;
}

/** What is known of a client that does not use its seats. */
interface Quiet {
  readonly idleSince: number;
  readonly silentSince: number | undefined;
}

/** No session: nobody holds the seat. */
const nobody = -1;

/** Reasons that end when seats come back. */
const passing = [-87, -101, -4];

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

  /** Also says what lingered and came back first. */
  checkout(request: CheckoutCommand, now: number): { answer: Answer; back: number[] } {
    const pools = this.pools.filter((pool) => same(pool.feature, request.feature));
    if (pools.length === 0) return { answer: { kind: 'denied', major: -5 }, back: [] };
    this.#quiet.delete(request.session);
    let worst = -1;
    let major = 0;
    const busy: SimplePool[] = [];
    for (const pool of pools) {
      const reasons = this.#reasons(pool, request, now);
      const first = reasons.findIndex(([, holds]) => holds);
      const why = reasons[first]?.[0];
      const passes = why !== undefined && passing.includes(why);
      const own = this.#ownLingering(pool, request);
      if ((why === undefined || passes) && own !== undefined) {
        return this.#again([own.handle], request, now);
      }
      if (why === undefined) return { answer: this.#grant(pool, request, now), back: [] };
      if (first > worst) [worst, major] = [first, why];
      if (passes) busy.push(pool);
    }
    const over = this.held.filter(
      ({ pool, lingersUntil = Infinity }) =>
        lingersUntil <= now && busy.some((each) => idOf(each) === pool),
    );
    if (over.length > 0) {
      return this.#again(
        over.map(({ handle }) => handle),
        request,
        now,
      );
    }
    return { answer: { kind: 'denied', major }, back: [] };
  }

  #again(handles: number[], request: CheckoutCommand, now: number) {
    const gone = this.giveBack(({ handle }) => handles.includes(handle));
    const { answer, back } = this.checkout(request, now);
    return { answer, back: [...gone, ...back] };
  }

  /** The seat that the client left first in a pool without sharing, if it is large enough. */
  #ownLingering(pool: SimplePool, request: CheckoutCommand): Held | undefined {
    if (pool.dup !== 'NONE' && pool.dup !== '') return undefined;
    const { user, host, display } = request.client;
    const own = this.#left.find(
      (held) =>
        held.pool === idOf(pool) &&
        held.client.user === user &&
        held.client.host === host &&
        held.client.display === display,
    );
    const wanted = Math.max(request.count, pool.minimum ?? 1);
    return own !== undefined && own.count >= wanted ? own : undefined;
  }

  /** Seats that linger, in the order in which they were left. */
  #left: Held[] = [];
  #quiet = new Map<number, Quiet>();

  /** Clients leave seats: those that linger stay, the others come back. */
  leave(leaves: (held: Held) => boolean, now: number): { back: number[]; kept: number[] } {
    const kept: number[] = [];
    this.held = this.held.map((held) => {
      if (!leaves(held) || held.session === nobody) return held;
      const pool = this.pools.find((each) => idOf(each) === held.pool)!;
      const linger = lingerMs(pool, this.options);
      const until = Math.min(now + linger, expiryOf(pool));
      if (linger === 0 || until <= now) return held;
      kept.push(held.handle);
      const left = { ...held, session: nobody, lingersUntil: until };
      this.#left.push(left);
      return left;
    });
    const back = this.giveBack((held) => held.session !== nobody && leaves(held));
    return { back, kept };
  }

  activity(session: number, activity: Activity, since: number): void {
    if (!this.held.some((held) => held.session === session)) return;
    const before = this.#quiet.get(session);
    const silent = activity === 'silent';
    if (activity === 'active') this.#quiet.delete(session);
    else if (before === undefined) {
      this.#quiet.set(session, { idleSince: since, silentSince: silent ? since : undefined });
    } else {
      const silentSince = silent ? (before.silentSince ?? since) : undefined;
      this.#quiet.set(session, { ...before, silentSince });
    }
  }

  /** Everything that is over by now: first what is idle or lingered long enough, then silent clients. */
  timePassed(now: number): { back: number[]; kept: number[] } {
    const due = this.held.flatMap((held) => this.#dueOf(held));
    const first = due.filter(({ at }) => at <= now);
    const gone = this.giveBack(({ handle }) => {
      const seat = first.filter((each) => each.handle === handle);
      const soonest = Math.min(...seat.map(({ at }) => at));
      return seat.some(({ at, kind }) => at === soonest && kind !== 'session');
    });
    const silent = this.leave((held) => first.some(({ handle }) => handle === held.handle), now);
    return { back: [...gone, ...silent.back], kept: silent.kept };
  }

  /** When a seat comes back by itself, and why. */
  #dueOf({ handle, session, pool: id, since, lingersUntil }: Held) {
    if (lingersUntil !== undefined) {
      return [{ handle, kind: 'linger', at: nextScan(lingersUntil) }];
    }
    const quiet = this.#quiet.get(session);
    if (quiet === undefined) return [];
    const timeout = timeoutMs(this.pools.find((each) => idOf(each) === id)!, this.options);
    const idleEnd = Math.max(since, quiet.idleSince) + (timeout ?? Infinity);
    const end = (quiet.silentSince ?? Infinity) + simpleSilenceSeconds * 1000;
    return [
      { handle, kind: 'idle', at: timeout === undefined ? Infinity : nextScan(idleEnd) },
      { handle, kind: 'session', at: end },
    ];
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
    const seat = { handle, session, client, pool: idOf(pool), feature, owner, count };
    this.held.push({ ...seat, since: now });
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
    this.#left = this.#left.filter((each) => this.held.includes(each));
    for (const session of [...this.#quiet.keys()]) {
      if (!this.held.some((each) => each.session === session)) this.#quiet.delete(session);
    }
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
