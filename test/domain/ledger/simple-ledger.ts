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
import {
  borrowOf,
  expiryOf,
  lingerMs,
  nextScan,
  simpleSilenceSeconds,
  timeoutMs,
} from './simple-times.ts';

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
  readonly client: Client;
  /** What the checkout, or all that share it, are of in all. */
  readonly count: number;
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
  readonly borrowedUntil?: number;
}

/** What is known of a client that does not use its seats. */
interface Quiet {
  readonly idleSince: number;
  readonly silentSince: number | undefined;
}

/** A request that waits, and the pools it waits for. */
interface Waiting {
  readonly handle: number;
  readonly request: CheckoutCommand;
  lines: readonly string[];
}

/** No session: nobody holds the seat. */
const nobody = -1;

/** Reasons that end when seats come back; one may wait but for the first. */
const passing = [-87, -101, -4, -24];
const waitable = [-101, -4, -24];

/** What a request would come to now. */
export type Attempt =
  | { readonly kind: 'granted'; readonly pool: string; readonly added: number }
  | { readonly kind: 'confirmed'; readonly handle: number }
  /** These come back first. */
  | { readonly kind: 'first'; readonly reason: string; readonly handles: readonly number[] }
  | { readonly kind: 'denied'; readonly major: number; readonly busy: readonly string[] };

const DAY_MS = 24 * 60 * 60 * 1000;

export class SimpleLedger {
  held: Held[] = [];
  waiting: Waiting[] = [];
  pools: readonly SimplePool[];
  options: SimpleOptions;
  /** The latest time at which anything happened. */
  latest: number;
  #lots: Lot[] = [];
  #nextHandle = 101;

  constructor(pools: readonly SimplePool[], now: number, options = noOptions) {
    this.pools = pools;
    this.options = options;
    this.latest = now;
  }

  /** What a request would come to; changes nothing. */
  attempt(request: CheckoutCommand, now: number): Attempt {
    const pools = this.#poolsOf(request.feature);
    if (pools.length === 0) return { kind: 'denied', major: -5, busy: [] };
    const already = this.#borrowedAlready(request);
    if (already !== undefined) return { kind: 'confirmed', handle: already.handle };
    let worst = -1;
    let major = 0;
    const busy: string[] = [];
    const over = new Set<number>();
    for (const pool of pools) {
      const reasons = this.#reasons(pool, request, now);
      const first = reasons.findIndex(([, holds]) => holds);
      const why = reasons[first]?.[0];
      const passes = why !== undefined && passing.includes(why);
      const own = this.#ownLingering(pool, request);
      if ((why === undefined || passes) && own !== undefined) {
        return { kind: 'first', reason: 'reused', handles: [own.handle] };
      }
      const added = this.#added(pool, request);
      if (why === undefined) return { kind: 'granted', pool: idOf(pool), added };
      if (first > worst) [worst, major] = [first, why];
      if (waitable.includes(why)) busy.push(idOf(pool));
      if (!passes) continue;
      for (const handle of this.#overIn(pool, now)) over.add(handle);
    }
    if (over.size > 0) return { kind: 'first', reason: 'lingerEnded', handles: [...over] };
    return { kind: 'denied', major, busy };
  }

  /** Makes a checkout so; the outcome is what `attempt` said. */
  checkout(request: CheckoutCommand, now: number): Attempt & { readonly queued?: number } {
    if (this.#poolsOf(request.feature).length > 0) this.#quiet.delete(request.session);
    const attempt = this.attempt(request, now);
    if (attempt.kind === 'first') this.giveBack(({ handle }) => attempt.handles.includes(handle));
    if (attempt.kind === 'granted') this.#grant(attempt.pool, request, now);
    if (attempt.kind !== 'denied' || attempt.busy.length === 0) return attempt;
    if (request.queue === undefined || request.borrowUntil !== undefined) return attempt;
    const handle = this.#nextHandle++;
    const waits = { ...request, ticket: handle };
    this.waiting.push({ handle, request: waits, lines: attempt.busy });
    return { ...attempt, queued: handle };
  }

  /** The seat of one that waited goes out; says why it should not. */
  serve(handle: number, now: number): Attempt | string {
    const one = this.waiting.find((each) => each.handle === handle)!;
    const attempt = this.attempt(one.request, now);
    if (attempt.kind !== 'granted') return attempt;
    const before = this.waiting.find(
      (each) =>
        each.handle < handle &&
        this.#isKin(each.request.feature, one.request.feature) &&
        this.attempt(each.request, now).kind === 'granted',
    );
    if (before !== undefined) return `${before.handle} came first`;
    this.waiting = this.waiting.filter((each) => each !== one);
    this.#grant(attempt.pool, one.request, now);
    return attempt;
  }

  leaveQueue(leaves: (waiting: Waiting) => boolean): number[] {
    const gone = this.waiting.filter(leaves);
    this.waiting = this.waiting.filter((each) => !gone.includes(each));
    this.#forgetGone();
    return gone.map(({ handle }) => handle);
  }

  /** Works out anew who waits for what: for the pools that would serve it, or would but for others. */
  reline(now: number): readonly (readonly [number, readonly string[]])[] {
    const lines = this.waiting.map(({ handle, request }) => {
      const pools = this.#poolsOf(request.feature).filter((pool) => {
        const why = this.#reasons(pool, request, now).find(([, holds]) => holds)?.[0];
        return why === undefined || waitable.includes(why);
      });
      return [handle, pools.map(idOf)] as const;
    });
    for (const [handle, pools] of lines) {
      this.waiting.find((each) => each.handle === handle)!.lines = pools;
    }
    return lines;
  }

  /** True when somebody who waits could be served: nobody should be left so. */
  isServable({ request }: Waiting, now: number): boolean {
    return this.attempt(request, now).kind === 'granted';
  }

  /** The same feature, or one that has a serial number with it. */
  #isKin(a: string, b: string): boolean {
    const serials = this.#poolsOf(a).map(serialOf).filter(Boolean);
    return same(a, b) || this.#poolsOf(b).some((pool) => serials.includes(serialOf(pool)));
  }

  #poolsOf(feature: string): readonly SimplePool[] {
    return this.pools.filter((pool) => same(pool.feature, feature));
  }

  #sharesSerial(pool: SimplePool, id: string): boolean {
    const other = this.pools.find((each) => idOf(each) === id)!;
    return serialOf(pool) !== undefined && serialOf(other) === serialOf(pool);
  }

  #overIn(pool: SimplePool, now: number): number[] {
    return this.held.flatMap(({ handle, pool: id, lingersUntil = Infinity }) =>
      lingersUntil <= now && (id === idOf(pool) || this.#sharesSerial(pool, id)) ? [handle] : [],
    );
  }

  #borrowedAlready({ client, feature, count, version, borrowUntil }: CheckoutCommand) {
    if (borrowUntil === undefined || !(count >= 1) || !isVersion(version)) return undefined;
    for (const pool of this.#poolsOf(feature)) {
      const own = this.held.find(
        (held) =>
          held.pool === idOf(pool) &&
          held.borrowedUntil !== undefined &&
          held.client.user === client.user &&
          held.client.host === client.host &&
          held.count >= count &&
          !isNewer(version, pool.version),
      );
      if (own !== undefined) return own;
    }
    return undefined;
  }

  /** What a user has borrowed of a feature on a host. */
  borrowedBy(user: string, host: string, feature: string): (held: Held) => boolean {
    return ({ client, borrowedUntil, feature: held }) =>
      borrowedUntil !== undefined &&
      client.user === user &&
      client.host === host &&
      same(held, feature);
  }

  /** A borrow from before a restart; false when it is lost. */
  restore(id: string, request: CheckoutCommand, until: number, now: number): boolean {
    if (until <= now || !this.pools.some((pool) => idOf(pool) === id)) return false;
    this.#grant(id, { ...request, borrowUntil: until }, now, true);
    return true;
  }

  /** The seat that the client left first in a pool without sharing, if it is large enough. */
  #ownLingering(pool: SimplePool, request: CheckoutCommand): Held | undefined {
    if (request.ticket !== undefined) return undefined;
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

  #isKnown(session: number): boolean {
    return (
      this.held.some((held) => held.session === session) ||
      this.waiting.some(({ request }) => request.session === session)
    );
  }

  #forgetGone(): void {
    for (const session of [...this.#quiet.keys()]) {
      if (!this.#isKnown(session)) this.#quiet.delete(session);
    }
  }

  activity(session: number, activity: Activity, since: number): void {
    if (!this.#isKnown(session)) return;
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
  timePassed(now: number): { back: number[]; kept: number[]; left: number[] } {
    const due = this.held.flatMap((held) => this.#dueOf(held));
    const first = due.filter(({ at }) => at <= now);
    const gone = this.giveBack(({ handle }) => {
      const seat = first.filter((each) => each.handle === handle);
      const soonest = Math.min(...seat.map(({ at }) => at));
      return seat.some(({ at, kind }) => at === soonest && kind !== 'session');
    });
    const given = [...this.#quiet].flatMap(([session, { silentSince = Infinity }]) =>
      silentSince + simpleSilenceSeconds * 1000 <= now ? [session] : [],
    );
    const silent = this.leave((held) => first.some(({ handle }) => handle === held.handle), now);
    const left = this.leaveQueue(({ request }) => given.includes(request.session));
    return { back: [...gone, ...silent.back], kept: silent.kept, left };
  }

  /** When a seat comes back by itself, and why. */
  #dueOf({ handle, session, pool: id, since, lingersUntil, borrowedUntil }: Held) {
    if (borrowedUntil !== undefined) return [{ handle, kind: 'borrow', at: borrowedUntil }];
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
    const { client, version, ticket, borrowUntil } = request;
    const borrowing = borrowUntil !== undefined;
    const borrow = borrowOf(pool, this.options, client);
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
    const mine = this.#idle(pool, issued)
      .filter(({ rule }) => me(rule))
      .reduce((sum, { seats }) => sum + seats, 0);
    const need = added > 0 ? this.#serialNeed(pool, client, count) : 0;
    const left = this.#serialLeft(pool, client, now);
    const ahead = this.waiting.find(
      ({ handle, lines }) => lines.includes(idOf(pool)) && !(handle >= (ticket ?? Infinity)),
    );
    const passesFirst = need === 0 && ahead !== undefined && this.#lacksSerial(pool, ahead, now);
    const out = this.held.filter(
      ({ pool: id, borrowedUntil }) => id === idOf(pool) && borrowedUntil !== undefined,
    );
    const borrowed = out.reduce((sum, held) => sum + held.count, 0);
    return [
      [-42, !(request.count >= 1)],
      [-77, !isVersion(version)],
      [-34, Math.abs(request.skewMs ?? 0) > DAY_MS],
      [-88, pool.lines.some(({ lastDay }) => lastDay !== undefined) && now < this.latest - DAY_MS],
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
      [-68, borrowing && borrow.longestMs === undefined],
      [-38, borrowing && borrow.isExcluded],
      [-39, borrowing && !borrow.isIncluded],
      [-118, borrowing && borrowUntil <= now],
      [-104, borrowing && borrowUntil - now > (borrow.longestMs ?? 0)],
      [-87, max !== undefined && added > 0 && max.seats + added > max.rule.count],
      [-26, pool.counted && added > 0 && count > all],
      [-101, pool.counted && added > 0 && added <= free && added > free - others],
      [-4, pool.counted && added > 0 && added > free],
      [-101, need > 0 && need <= left.free && need > left.free - left.held],
      [-4, need > 0 && need > left.free],
      [-67, borrowing && pool.counted && borrowed + count > all - borrow.lowWater],
      [
        -24,
        pool.counted &&
          added > 0 &&
          ahead !== undefined &&
          !passesFirst &&
          request.again !== true &&
          added > mine,
      ],
    ];
  }

  /** Seats of a serial number that a client, by user and host, needs beyond those it has. */
  #serialNeed(pool: SimplePool, client: Client, count: number): number {
    const serial = serialOf(pool);
    if (serial === undefined) return 0;
    return Math.max(0, count - this.#serialSeats(serial, (each) => isSameHolder(each, client)));
  }

  /** Of each user and host the largest checkout counts, whatever the features. */
  #serialSeats(serial: string, counts: (client: Client) => boolean): number {
    const most = new Map<string, number>();
    for (const { pool: id, client, count, seats } of this.#lots) {
      const pool = this.pools.find((each) => idOf(each) === id)!;
      if (serialOf(pool) !== serial || seats === 0 || !counts(client)) continue;
      const key = JSON.stringify([client.user, client.host]);
      most.set(key, Math.max(most.get(key) ?? 0, count));
    }
    return [...most.values()].reduce((sum, seats) => sum + seats, 0);
  }

  /** Seats of a serial number that are out to nobody, and those of them held for others than a client. */
  #serialLeft(pool: SimplePool, client: Client, now: number): { free: number; held: number } {
    const serial = serialOf(pool);
    if (serial === undefined) return { free: 0, held: 0 };
    const pools = this.pools.filter((each) => serialOf(each) === serial);
    const all = mostOfFeature(pools, (each) => this.#seats(each, now).all);
    let left = mostOfFeature(pools, (each) => this.#seats(each, now).issued);
    let held = 0;
    const takers = pools.flatMap((each) => this.#reservedOf(each).map(({ rule }) => rule.who));
    for (const who of new Set(takers)) {
      const wanted = mostOfFeature(pools, (each) => {
        const own = this.#reservedOf(each).filter(({ rule }) => rule.who === who);
        const sum = own.reduce((total, { seats }) => total + seats, 0);
        return Math.min(sum, this.#seats(each, now).issued);
      });
      const kept = Math.min(wanted, left);
      left -= kept;
      const isMine = (each: Client) => isWho({ who } as SimpleRule, each, this.options);
      if (!isMine(client)) held += Math.max(0, kept - this.#serialSeats(serial, isMine));
    }
    return { free: all - this.#serialSeats(serial, () => true), held };
  }

  /** True if who waits needs a seat of the serial number, and there is none. */
  #lacksSerial(pool: SimplePool, { request }: Waiting, now: number): boolean {
    const { client, count } = request;
    const wanted = Math.max(count, pool.minimum ?? 1);
    if (this.#added(pool, request) === 0) return false;
    const need = this.#serialNeed(pool, client, wanted);
    const { free, held } = this.#serialLeft(pool, client, now);
    return need > 0 && need > free - held;
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
    let left = issued;
    const idle: { rule: SimpleRule; seats: number }[] = [];
    for (const { rule, seats } of this.#reservedOf(pool)) {
      const held = Math.min(seats, left);
      left -= held;
      const lots = this.#lots.filter((lot) => lot.pool === idOf(pool));
      const out = lots.reduce((sum, { reserved }) => sum + (reserved.get(rule) ?? 0), 0);
      if (held > out) idle.push({ rule, seats: held - out });
    }
    return idle;
  }

  /** What RESERVE lines take of a pool, each of the feature's pools in turn as far as they go. */
  #reservedOf(pool: SimplePool): { rule: SimpleRule; seats: number }[] {
    const unreserved = new Map(
      this.pools.map((each) => [each, each.counted ? totalOf(each) : 0] as const),
    );
    const found: { rule: SimpleRule; seats: number }[] = [];
    for (const rule of this.options.rules.filter(({ keyword }) => keyword === 'RESERVE')) {
      let wanted = rule.count;
      const siblings = this.pools.filter((each) => same(each.feature, pool.feature));
      for (const each of siblings.filter((sibling) => isAbout(rule, sibling))) {
        const seats = Math.min(wanted, unreserved.get(each)!);
        unreserved.set(each, unreserved.get(each)! - seats);
        wanted -= seats;
        if (each === pool && seats > 0) found.push({ rule, seats });
      }
    }
    return found;
  }

  /** What lmstat lists as reserved: no more than is there. */
  reserved(pool: SimplePool, now: number): number {
    const { issued, all } = this.#seats(pool, now);
    const idle = this.#idle(pool, issued).reduce((sum, { seats }) => sum + seats, 0);
    return Math.max(0, Math.min(idle, all - this.used(pool)));
  }

  #grant(id: string, request: CheckoutCommand, now: number, exactly = false): void {
    const pool = this.pools.find((each) => idOf(each) === id)!;
    const { client, borrowUntil } = request;
    const session = borrowUntil === undefined ? request.session : nobody;
    const handle = this.#nextHandle++;
    const owner = keyOf(pool, request) || `handle ${handle}`;
    const count = exactly ? request.count : Math.max(request.count, pool.minimum ?? 1);
    const added = this.#added(pool, request, count);
    this.#takeLot(pool, client, owner, { seats: added, count }, this.#seats(pool, now).issued);
    const { feature } = pool;
    const seat = { handle, session, client, pool: id, feature, owner, count, since: now };
    const until = Math.min(borrowUntil ?? 0, exactly ? Infinity : expiryOf(pool));
    this.held.push(borrowUntil === undefined ? seat : { ...seat, borrowedUntil: until });
  }

  #takeLot(
    pool: SimplePool,
    client: Client,
    owner: string,
    { seats, count }: Pick<Lot, 'seats' | 'count'>,
    issued: number,
  ): void {
    const max = this.#maxOf(pool, client)?.id;
    const reserved = new Map<SimpleRule, number>();
    let left = seats;
    for (const idle of this.#idle(pool, issued)) {
      if (!isWho(idle.rule, client, this.options)) continue;
      const taken = Math.min(left, idle.seats);
      reserved.set(idle.rule, taken);
      left -= taken;
    }
    this.#lots.push({ pool: idOf(pool), owner, seats, max, reserved, client, count });
  }

  #added(
    pool: SimplePool,
    request: CheckoutCommand,
    count = Math.max(request.count, pool.minimum ?? 1),
  ): number {
    const key = keyOf(pool, request);
    const shared = this.#lots
      .filter((lot) => lot.pool === idOf(pool) && key !== '' && lot.owner === key)
      .reduce((sum, { seats }) => sum + seats, 0);
    return Math.max(0, count - shared);
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
    this.#forgetGone();
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
    for (const each of this.waiting) each.lines = [];
    const before = this.#lots;
    this.#lots = [];
    for (const { pool: id, owner, client } of this.held) {
      if (this.#lots.some((lot) => lot.pool === id && lot.owner === owner)) continue;
      const pool = pools.find((each) => idOf(each) === id)!;
      const seats = before
        .filter((lot) => lot.pool === id && lot.owner === owner)
        .reduce((sum, lot) => sum + lot.seats, 0);
      this.#takeLot(pool, client, owner, { seats, count: seats }, this.#seats(pool, now).issued);
    }
    return gone;
  }
}

/** The serial number whose seats a pool's users take. */
function serialOf({ counted, serial }: SimplePool): string | undefined {
  return counted ? serial : undefined;
}

function isSameHolder(a: Client, b: Client): boolean {
  return a.user === b.user && a.host === b.host;
}

function mostOfFeature(pools: readonly SimplePool[], seats: (pool: SimplePool) => number): number {
  const sums = pools.map(({ feature }) =>
    pools.reduce((sum, each) => sum + (same(each.feature, feature) ? seats(each) : 0), 0),
  );
  return Math.max(0, ...sums);
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

/** Digits with a dot, or nothing. */
function isVersion(text: string): boolean {
  return /^(\d+\.?\d*|\.\d+|)$/.test(text);
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
