import type { Command } from '../../src/domain/ledger/commands.ts';
import type { LedgerEvent, SeatTaken } from '../../src/domain/ledger/events.ts';
import { perform } from '../../src/domain/ledger/performance.ts';
import type { SeatRequest } from '../../src/domain/workload/model.ts';
import type { Agenda } from '../../src/load/agenda.ts';
import type { LoadClient, LoadTarget, QueueWish, Reply, Seat } from '../../src/load/target.ts';
import { makeClient, makeLedger, makePoolDefinition, monday } from '../make.ts';

/** A license server without network: the ledger that the daemons serve answers at once. */
export class VirtualServer implements LoadTarget {
  readonly #agenda: Agenda;
  readonly #ledger;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  readonly #clients = new Map<number, VirtualClient>();
  /** Nobody can connect while this is set. */
  down = false;
  taken = 0;
  returned = 0;
  polls: (string | undefined)[] = [];
  #session = 0;

  constructor(agenda: Agenda, seats: Readonly<Record<string, number>>) {
    this.#agenda = agenda;
    const definitions = Object.entries(seats).map(([feature, count]) =>
      makePoolDefinition({ feature, count }),
    );
    this.#ledger = makeLedger(definitions);
  }

  get connections(): number {
    return this.#clients.size;
  }

  connect(user: number, done: (client: LoadClient | undefined, code: number) => void): void {
    if (this.down) return done(undefined, -15);
    const session = ++this.#session;
    const client = new VirtualClient(this, session, makeClient({ user: `user${user}` }));
    this.#clients.set(session, client);
    done(client, 0);
  }

  poll(feature: string | undefined, done: (isGood: boolean) => void): void {
    this.polls.push(feature);
    done(!this.down);
  }

  perform(command: Command): readonly LedgerEvent[] {
    const now = monday + Math.round(this.#agenda.now());
    return perform(this.#ledger, command, now, (event) => this.#tell(event));
  }

  wait(handle: number, done: (reply: Reply) => void): void {
    this.#waiting.set(handle, done);
  }

  leave(session: number, handle: number): void {
    const done = this.#waiting.get(handle);
    this.#waiting.delete(handle);
    this.perform({ kind: 'leaveQueue', session, handle });
    done?.({ kind: 'denied', code: -35 });
  }

  /** The connection ends. */
  end(session: number): void {
    if (this.#clients.delete(session)) this.perform({ kind: 'disconnect', session });
  }

  /** Ends all connections, as a server that dies does. */
  crash(): void {
    for (const [session, client] of [...this.#clients]) {
      this.end(session);
      client.onLost();
    }
  }

  /** Takes seats back as lmremove does. */
  remove(feature: string, handle: number): void {
    const [event] = this.perform({ kind: 'remove', feature, handle });
    if (event?.kind !== 'seatReturned') return;
    this.#clients.get(event.session)?.onSeatLost({ vendor: 'acmed', handle });
  }

  handles: number[] = [];

  #tell(event: LedgerEvent): void {
    if (event.kind === 'seatReturned') this.returned++;
    if (event.kind !== 'seatTaken') return;
    this.taken++;
    this.handles.push(event.handle);
    const done = event.ticket === undefined ? undefined : this.#waiting.get(event.ticket);
    if (event.ticket === undefined || done === undefined) return;
    this.#waiting.delete(event.ticket);
    // Not in the middle of what set it free.
    this.#agenda.at(this.#agenda.now(), () => done(granted(event)), 0);
  }
}

function granted({ handle }: SeatTaken): Reply {
  return { kind: 'granted', seat: { vendor: 'acmed', handle } };
}

class VirtualClient implements LoadClient {
  onLost: () => void = () => {};
  onSeatLost: (seat: Seat) => void = () => {};
  readonly #server: VirtualServer;
  readonly #session: number;
  readonly #client;

  constructor(server: VirtualServer, session: number, client: ReturnType<typeof makeClient>) {
    this.#server = server;
    this.#session = session;
    this.#client = client;
  }

  checkout(request: SeatRequest, queue: QueueWish | undefined, done: (reply: Reply) => void): void {
    const session = this.#session;
    const asked = {
      kind: 'checkout',
      session,
      client: this.#client,
      data: '',
      ...request,
    } as const;
    const wish = queue === undefined ? {} : { queue: 'return' as const };
    const last = this.#server.perform({ ...asked, ...wish }).at(-1)!;
    if (last.kind === 'seatTaken') done(granted(last));
    else if (last.kind === 'checkoutQueued') {
      this.#server.wait(last.handle, done);
      queue?.queued(() => this.#server.leave(session, last.handle));
    } else if (last.kind === 'checkoutDenied') done({ kind: 'denied', code: last.refusal.major });
    else done({ kind: 'denied', code: -5 });
  }

  checkin({ handle }: Seat, done: (isBack: boolean) => void): void {
    const last = this.#server.perform({ kind: 'checkin', session: this.#session, handle }).at(-1);
    done(last?.kind === 'seatReturned');
  }

  close(): void {
    this.#server.end(this.#session);
  }
}
