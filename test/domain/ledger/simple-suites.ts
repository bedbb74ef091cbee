import type { CheckoutCommand } from '../../../src/domain/ledger/commands.ts';
import type { Client } from '../../../src/domain/ledger/model.ts';

/**
 * Suites once more, as plainly as they can be said: every number is counted from the list of what was taken.
 * Shares no code with the ledger.
 */
export interface SimpleSuite {
  readonly reserved: boolean;
  readonly seats: number;
  /** NONE or letters out of UHDV. */
  readonly dup: string;
  readonly suiteDup: string;
  readonly components: readonly string[];
  /** Seats of the first component sold outside the suite, 0 for none; tried before the suite's. */
  readonly alone: number;
}

export function licenseText(suite: SimpleSuite): string {
  const { reserved, seats, dup, suiteDup, components, alone } = suite;
  const option = reserved ? 'SUITE_RESERVED' : 'SUITE';
  return [
    'SERVER this_host ANY',
    'VENDOR acmed',
    alone > 0 ? `INCREMENT ${components[0]} acmed 1.0 permanent ${alone} sort=1` : '#',
    `PACKAGE suite acmed 1.0 COMPONENTS="${components.join(' ')}" OPTIONS=${option}`,
    `INCREMENT suite acmed 1.0 permanent ${seats} DUP_GROUP=${dup} SUITE_DUP_GROUP=${suiteDup}`,
  ].join('\n');
}

/** Seats taken at once for one owner: a key of sharing, or a handle. */
interface Lot {
  readonly pool: string;
  readonly owner: string;
  readonly seats: number;
  /** With whom of the suite they count. */
  readonly holder: string;
}

interface Held {
  readonly handle: number;
  readonly session: number;
  readonly client: Client;
  readonly feature: string;
  /** The pools it has seats of, with the owner in each. */
  readonly owners: ReadonlyMap<string, string>;
  readonly holder: string;
}

export class SimpleSuiteLedger {
  held: Held[] = [];
  lots: Lot[] = [];
  readonly suite: SimpleSuite;
  #nextHandle = 101;

  constructor(suite: SimpleSuite) {
    this.suite = suite;
  }

  /** The handle, or the code of the refusal. */
  checkout(request: CheckoutCommand): number {
    const { suite } = this;
    const { feature, count, client, data } = request;
    if (feature === 'suite') return -125;
    if (!suite.components.includes(feature)) return -5;
    const codes: number[] = [];
    if (feature === suite.components[0] && suite.alone > 0) {
      const code = count > suite.alone ? -26 : this.#free('alone') < count ? -4 : 0;
      if (code === 0) return this.#take(request, [['alone', count, '']]);
      codes.push(code);
    }
    const holder = ownerOf(holderDup(suite), client, data, this.#nextHandle + 1);
    const added = count - this.#shared(feature, suite.dup, request);
    const suiteAdded = count - this.#shared('suite', holderDup(suite), request);
    const code =
      this.#refusal(feature, added, count, holder) || this.#refusal('suite', suiteAdded, count);
    if (code === 0) {
      return this.#take(request, [
        ['suite', Math.max(0, suiteAdded), holder],
        [feature, Math.max(0, added), holder],
      ]);
    }
    codes.push(code);
    const order = [-26, -101, -4];
    return codes.sort((a, b) => order.indexOf(b) - order.indexOf(a))[0]!;
  }

  #refusal(pool: string, added: number, count: number, holder?: string): number {
    if (added <= 0) return 0;
    if (count > this.suite.seats) return -26;
    const free = this.#free(pool);
    const others = holder === undefined ? 0 : this.#idle(pool, (each) => each !== holder);
    if (added <= free && added > free - others) return -101;
    return added > free ? -4 : 0;
  }

  #free(pool: string): number {
    return (pool === 'alone' ? this.suite.alone : this.suite.seats) - this.used(pool);
  }

  used(pool: string): number {
    return this.#seats((lot) => lot.pool === pool);
  }

  #seats(counts: (lot: Lot) => boolean): number {
    return this.lots.filter(counts).reduce((sum, { seats }) => sum + seats, 0);
  }

  #shared(pool: string, dup: string, { client, data }: CheckoutCommand): number {
    if (dup === 'NONE') return 0;
    const owner = ownerOf(dup, client, data, 0);
    return this.#seats((lot) => lot.pool === pool && lot.owner === owner);
  }

  /** Seats of a component that are held for holders of the suite, and not used. */
  #idle(component: string, counts: (holder: string) => boolean): number {
    if (!this.suite.reserved) return 0;
    const holders = new Set(this.lots.map(({ holder }) => holder).filter(Boolean));
    return [...holders].filter(counts).reduce((sum, holder) => {
      const seats = (pool: string) =>
        this.#seats((lot) => lot.pool === pool && lot.holder === holder);
      return sum + Math.max(0, seats('suite') - seats(component));
    }, 0);
  }

  /** As many as are there. */
  reserved(component: string): number {
    return Math.max(
      0,
      Math.min(
        this.#idle(component, () => true),
        this.#free(component),
      ),
    );
  }

  #take(request: CheckoutCommand, seats: readonly (readonly [string, number, string])[]): number {
    const { session, client, feature, data } = request;
    const owners = new Map<string, string>();
    let handle = 0;
    for (const [pool, added, holder] of seats) {
      handle = this.#nextHandle++;
      const dup =
        pool === 'suite' ? holderDup(this.suite) : pool === 'alone' ? 'NONE' : this.suite.dup;
      const owner = ownerOf(dup, client, data, handle);
      owners.set(pool, owner);
      this.lots.push({ pool, owner, seats: added, holder });
    }
    const holder = seats[0]![2];
    this.held.push({ handle, session, client, feature, owners, holder });
    return handle;
  }

  /** A reread of the same files: seats that are shared count as their oldest checkout's. */
  reread(): void {
    this.lots = this.lots.map((lot) => {
      const oldest = this.held.find(({ owners }) => owners.get(lot.pool) === lot.owner)!;
      return { ...lot, holder: oldest.holder };
    });
  }

  giveBack(leaves: (held: Held) => boolean): number[] {
    const gone = this.held.filter(leaves);
    this.held = this.held.filter((each) => !gone.includes(each));
    this.lots = this.lots.filter(({ pool, owner }) =>
      this.held.some(({ owners }) => owners.get(pool) === owner),
    );
    return gone.map(({ handle }) => handle);
  }
}

function holderDup({ reserved, suiteDup }: SimpleSuite): string {
  return reserved && suiteDup === 'NONE' ? 'U' : suiteDup;
}

function ownerOf(dup: string, client: Client, data: string, handle: number): string {
  if (dup === 'NONE') return `handle ${handle}`;
  const { user, host, display } = client;
  const fields: Record<string, string> = { U: user, H: host, D: display, V: data };
  return JSON.stringify([...dup].map((letter) => fields[letter]));
}
