import type { Cancel } from '../../base/clock.ts';
import { Rng } from '../../base/rng.ts';
import type { ArmedFault } from './armed-fault.ts';
import type { Call } from './call.ts';
import type { CallKind, scopeWords, triggerWords } from './common-words.ts';
import { wordsOf } from './order.ts';
import type { FaultRow } from './row.ts';
import { faultRow } from './table.ts';
import type { ValuesOf } from './words.ts';

/** Calls in its scope, and those on which it acted, by the ids of faults. */
export type FaultCounts = ReadonlyMap<string, { readonly seen: number; readonly hits: number }>;

type Scope = ValuesOf<typeof scopeWords>;
type Triggers = ValuesOf<typeof triggerWords>;

/** Words of a scope that are known of a call only when its client has said who it is, and what it wants. */
const saidWords = ['user', 'host', 'feature', 'on'] as const;
/** Those that choose among the calls. */
const triggers = ['probability', 'nth', 'first'] as const;

/** One armed fault in one process: what its words come to, and how often it was asked for and has acted. */
export class FaultInForce {
  readonly armed: ArmedFault;
  readonly row: FaultRow;
  readonly values: Readonly<Record<string, unknown>>;
  /** It names no client, no call and no chance: it is about whole daemons. */
  readonly isWhole: boolean;
  /** It acts on some of the calls in its scope only. */
  readonly isChancy: boolean;
  /** Its scope says something that only a call has. */
  readonly isOfCalls: boolean;
  readonly #scope: Scope;
  readonly #triggers: Triggers;
  readonly #ends = new Set<Cancel>();
  readonly #rngs = new Map<string, Rng>();
  #seen = 0;
  #hits = 0;

  constructor(armed: ArmedFault) {
    const { fault, words } = armed.order;
    this.armed = armed;
    this.row = faultRow(fault);
    const known = wordsOf(fault);
    const values = Object.entries(words).map(([key, text]) => [key, known[key]!.read(text)]);
    this.values = Object.fromEntries(values);
    this.#scope = this.values as Scope;
    this.#triggers = this.values as Triggers;
    this.isOfCalls = saidWords.some((word) => this.values[word] !== undefined);
    this.isChancy = triggers.some((word) => this.values[word] !== undefined);
    this.isWhole = !this.isOfCalls && !this.isChancy;
  }

  /** What it leaves to chance: a stream of its own for each daemon, so that processes draw as one process does. */
  rngAt(server: string, vendor: string): Rng {
    const where = `fault ${this.armed.id} at ${server} ${vendor}`;
    let rng = this.#rngs.get(where);
    if (rng === undefined) {
      rng = new Rng(this.armed.seed).fork(where);
      this.#rngs.set(where, rng);
    }
    return rng;
  }

  /** Calls on which it has acted, or how often it has acted by itself. */
  get hits(): number {
    return this.#hits;
  }

  get seen(): number {
    return this.#seen;
  }

  /** Goes on counting where another process stopped. */
  goOn({ seen, hits }: { readonly seen: number; readonly hits: number }): void {
    this.#seen = seen;
    this.#hits = hits;
  }

  count(): void {
    this.#hits++;
  }

  /** It has done what it does, before its time is over. */
  isDone = false;

  /** Whether it may be about a manager, or about this vendor daemon. */
  concerns(server: 'manager' | 'vendor', vendor: string): boolean {
    const { server: meant, vendor: vendors } = this.#scope;
    if (meant !== undefined && meant !== server) return false;
    // A manager is asked for the daemons of every vendor.
    return server === 'manager' || vendors === undefined || hasName(vendors, vendor);
  }

  /** Whether it acts on a call: that is in its scope, and its triggers say so. Counts. */
  strikes(call: Call): boolean {
    if (!this.#isMeant(call)) return false;
    const { nth, first, probability } = this.#triggers;
    this.#seen++;
    if (nth !== undefined && this.#seen !== nth) return false;
    if (first !== undefined && this.#hits >= first) return false;
    if (probability !== undefined) {
      const { part, whole } = probability;
      if (!this.rngAt(call.server, call.vendor).chance(part, whole)) return false;
    }
    this.#hits++;
    return true;
  }

  #isMeant({ server, vendor, on, user, host, feature }: Call): boolean {
    const scope = this.#scope;
    if (scope.server !== undefined && scope.server !== server) return false;
    if (scope.on === undefined ? !this.#actsOn(on) : !scope.on.includes(on)) return false;
    if (scope.vendor !== undefined && !hasName(scope.vendor, vendor)) return false;
    if (scope.user !== undefined && !(user !== undefined && scope.user.includes(user))) {
      return false;
    }
    if (scope.host !== undefined && !hasName(scope.host, host)) return false;
    return scope.feature === undefined || hasName(scope.feature, feature);
  }

  /** Calls on which it acts unless its scope says which. */
  #actsOn(on: CallKind): boolean {
    const { notices, atConnect } = this.row;
    if (on === 'notice') return notices === true && (atConnect !== true || this.isOfCalls);
    return (on === 'connect') === (atConnect === true && !this.isOfCalls);
  }

  /** Calls `end` when it is no longer in force. Gives what takes that back. */
  whenOver(end: Cancel): Cancel {
    this.#ends.add(end);
    return () => this.#ends.delete(end);
  }

  /** It is no longer in force: what it holds goes on. */
  over(): void {
    const ends = [...this.#ends];
    this.#ends.clear();
    for (const end of ends) end();
  }
}

/** Names of features, hosts and vendors are one whatever their letter case. */
function hasName(names: readonly string[], name: string | undefined): boolean {
  const wanted = name?.toLowerCase();
  return wanted !== undefined && names.some((each) => each.toLowerCase() === wanted);
}
