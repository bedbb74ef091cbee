import type { EpochMs } from '../base/clock.ts';
import type { Command } from '../domain/ledger/commands.ts';
import type { LedgerEvent, SeatReturned, SeatTaken } from '../domain/ledger/events.ts';
import { type Ledger, nextDeadline } from '../domain/ledger/ledger.ts';
import type { Client } from '../domain/ledger/model.ts';
import { perform } from '../domain/ledger/performance.ts';
import type { SeatRequest } from '../domain/workload/model.ts';
import { type Agenda, type Appointment, ranks } from './agenda.ts';
import { loadUser } from './load-users.ts';
import {
  LEFT_QUEUE,
  type LoadClient,
  type LoadTarget,
  type QueueWish,
  type Reply,
  type Seat,
} from './target.ts';

/** A vendor's ledger, and the features that it has, in lower case. */
export interface VendorLedger {
  readonly vendor: string;
  readonly ledger: Ledger;
  readonly features: ReadonlySet<string>;
}

/** FlexNet's code for a feature that no license has; source: flexnet-error-table.ts. */
const NO_SUCH_FEATURE = -5;

/** License daemons without network: the ledgers that they serve, asked in an agenda's own time. */
export class LedgerTarget implements LoadTarget {
  readonly #agenda: Agenda;
  readonly #start: EpochMs;
  readonly #vendors: readonly VendorLedger[];
  readonly #waiting = new Map<string, (reply: Reply) => void>();
  readonly #clients = new Map<number, LedgerClient>();
  readonly #due = new Map<VendorLedger, Appointment>();
  #session = 0;

  constructor(agenda: Agenda, start: EpochMs, vendors: readonly VendorLedger[]) {
    this.#agenda = agenda;
    this.#start = start;
    this.#vendors = vendors;
  }

  connect(user: number, done: (client: LoadClient | undefined, code: number) => void): void {
    const session = ++this.#session;
    const client = new LedgerClient(this, session, clientOf(user));
    this.#clients.set(session, client);
    done(client, 0);
  }

  poll(_: string | undefined, done: (isGood: boolean) => void): void {
    done(true);
  }

  vendorOf(feature: string): VendorLedger | undefined {
    return this.#vendors.find(({ features }) => features.has(feature.toLowerCase()));
  }

  perform(vendor: VendorLedger, command: Command): readonly LedgerEvent[] {
    const now = this.#start + Math.round(this.#agenda.now());
    const events = perform(vendor.ledger, command, now, (event) => this.#heard(vendor, event));
    this.#arm(vendor);
    return events;
  }

  wait(vendor: VendorLedger, handle: number, done: (reply: Reply) => void): void {
    this.#waiting.set(keyOf(vendor, handle), done);
  }

  leave(vendor: VendorLedger, session: number, handle: number): void {
    const done = this.#waiting.get(keyOf(vendor, handle));
    this.#waiting.delete(keyOf(vendor, handle));
    this.perform(vendor, { kind: 'leaveQueue', session, handle });
    done?.({ kind: 'denied', code: LEFT_QUEUE });
  }

  /** The connection ends. */
  end(session: number): void {
    if (!this.#clients.delete(session)) return;
    for (const vendor of this.#vendors) this.perform(vendor, { kind: 'disconnect', session });
  }

  /** What time does by itself: linger, TIMEOUT, starts and expiries. */
  #arm(vendor: VendorLedger): void {
    const due = nextDeadline(vendor.ledger);
    const before = this.#due.get(vendor);
    const atMs = due === undefined ? undefined : due - this.#start;
    if (before?.at === atMs) return;
    if (before !== undefined) this.#agenda.cancel(before);
    this.#due.delete(vendor);
    if (atMs === undefined) return;
    const pass = (): void => {
      this.#due.delete(vendor);
      this.perform(vendor, { kind: 'timePassed' });
    };
    this.#due.set(vendor, this.#agenda.at(atMs, pass, ranks.release));
  }

  #heard(vendor: VendorLedger, event: LedgerEvent): void {
    if (event.kind === 'seatReturned') return this.#returned(vendor, event);
    if (event.kind !== 'seatTaken' || event.ticket === undefined) return;
    const key = keyOf(vendor, event.ticket);
    const done = this.#waiting.get(key);
    if (done === undefined) return;
    this.#waiting.delete(key);
    const reply = granted(vendor, event);
    // Not in the middle of what set it free.
    this.#agenda.at(this.#agenda.now(), () => done(reply), ranks.release);
  }

  #returned({ vendor }: VendorLedger, { session, handle, reason }: SeatReturned): void {
    if (reason !== 'inactive' && reason !== 'removed' && reason !== 'reread') return;
    const lost = this.#clients.get(session);
    this.#agenda.at(this.#agenda.now(), () => lost?.onSeatLost({ vendor, handle }), ranks.release);
  }
}

function keyOf({ vendor }: VendorLedger, handle: number): string {
  return `${vendor}/${handle}`;
}

function clientOf(user: number): Client {
  return { ...loadUser(user), platform: '', pid: 0, project: '', address: '', hostids: [] };
}

function granted({ vendor }: VendorLedger, { handle }: SeatTaken): Reply {
  return { kind: 'granted', seat: { vendor, handle } };
}

/** What one connection is to the ledgers: a session of that number in each. */
class LedgerClient implements LoadClient {
  onLost: () => void = () => {};
  onSeatLost: (seat: Seat) => void = () => {};
  readonly #target: LedgerTarget;
  readonly #session: number;
  readonly #client: Client;
  readonly #vendors = new Map<string, VendorLedger>();

  constructor(target: LedgerTarget, session: number, client: Client) {
    this.#target = target;
    this.#session = session;
    this.#client = client;
  }

  checkout(request: SeatRequest, queue: QueueWish | undefined, done: (reply: Reply) => void): void {
    const vendor = this.#target.vendorOf(request.feature);
    if (vendor === undefined) return done({ kind: 'denied', code: NO_SUCH_FEATURE });
    this.#vendors.set(vendor.vendor, vendor);
    const session = this.#session;
    const asked = {
      kind: 'checkout',
      session,
      client: this.#client,
      data: '',
      ...request,
    } as const;
    const wish = queue === undefined ? {} : { queue: 'return' as const };
    const last = this.#target.perform(vendor, { ...asked, ...wish }).at(-1)!;
    if (last.kind === 'seatTaken') done(granted(vendor, last));
    else if (last.kind === 'checkoutQueued') {
      this.#target.wait(vendor, last.handle, done);
      queue?.queued(() => this.#target.leave(vendor, session, last.handle));
    } else if (last.kind === 'checkoutDenied') done({ kind: 'denied', code: last.refusal.major });
    else done({ kind: 'denied', code: NO_SUCH_FEATURE });
  }

  checkin({ vendor, handle }: Seat, done: (isBack: boolean) => void): void {
    const ledger = this.#vendors.get(vendor)!;
    const command = { kind: 'checkin', session: this.#session, handle } as const;
    const last = this.#target.perform(ledger, command).at(-1);
    done(last?.kind === 'seatReturned' || last?.kind === 'seatKept');
  }

  close(): void {
    this.#target.end(this.#session);
  }
}
