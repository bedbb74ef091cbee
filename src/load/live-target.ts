import type { ClientContext } from '../client/context.ts';
import { notOurs } from '../client/greeting.ts';
import type { ServerAddress } from '../client/license-path.ts';
import { ManagerLine } from '../client/manager-line.ts';
import { isRefused, type Refused } from '../client/refused.ts';
import { LicenseSession } from '../client/session.ts';
import type { Granted } from '../client/session-answers.ts';
import { readStatus } from '../client/status.ts';
import type { SeatRequest } from '../domain/workload/model.ts';
import { renderLmstat } from '../text/lmstat.ts';
import { loadUser } from './load-users.ts';
import {
  LEFT_QUEUE,
  type LoadClient,
  type LoadTarget,
  type QueueWish,
  type Reply,
  type Seat,
} from './target.ts';

/** Where a license server is, and which of its daemons has what is asked for. */
export interface LiveServer {
  /** Tried in order: the hosts of a triad. */
  readonly addresses: readonly ServerAddress[];
  /** The vendor daemon of each feature. */
  readonly vendorOf: ReadonlyMap<string, string>;
}

/** The clients of a load, over real connections. */
export class LiveTarget implements LoadTarget {
  readonly #server: LiveServer;
  readonly #context: ClientContext;

  constructor(server: LiveServer, context: ClientContext) {
    this.#server = server;
    this.#context = context;
  }

  connect(user: number, done: (client: LoadClient | undefined, code: number) => void): void {
    const identity = { ...this.#context.identity, ...loadUser(user) };
    const context = { ...this.#context, identity };
    openClient(this.#server, context).then((client) => {
      if (isRefused(client)) done(undefined, client.refusal.major);
      else done(client, 0);
    }, defect);
  }

  poll(feature: string | undefined, done: (isGood: boolean) => void): void {
    askStatus(this.#server, this.#context, feature).then(done, defect);
  }
}

/** Asks for the status as lmstat does, and reads all of it; false unless everything was told. */
export async function askStatus(
  { addresses: hosts }: LiveServer,
  context: ClientContext,
  feature: string | undefined,
): Promise<boolean> {
  const report = await readStatus([{ kind: 'server', hosts }], {
    ...context,
    at: context.clock.now(),
    program: 'lmutil',
    usage: 'users',
    ...(feature === undefined ? {} : { feature }),
  });
  for (const piece of renderLmstat(report, { usage: 'all' })) void piece;
  return report.refusal === undefined;
}

/** Promises of the client do not reject for what a peer does: this is our own mistake, and must not be lost. */
function defect(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** Connects to the first host that leads to all vendor daemons that are needed. */
export async function openClient(
  { addresses, vendorOf }: LiveServer,
  context: ClientContext,
): Promise<LoadClient | Refused> {
  let last: Refused | undefined;
  for (const address of addresses) {
    const line = await ManagerLine.open(address, context);
    if (isRefused(line)) {
      last = line;
      continue;
    }
    const opened = notOurs(line.greeted) ?? (await openSessions(line, vendorOf, context));
    line.close();
    if (!isRefused(opened)) return new LiveClient(opened, vendorOf);
    last = opened;
  }
  return last!;
}

async function openSessions(
  line: ManagerLine,
  vendorOf: ReadonlyMap<string, string>,
  context: ClientContext,
): Promise<ReadonlyMap<string, LicenseSession> | Refused> {
  const sessions = new Map<string, LicenseSession>();
  for (const vendor of new Set(vendorOf.values())) {
    const session = await LicenseSession.open(vendor, line, context);
    if (isRefused(session)) {
      for (const open of sessions.values()) open.close();
      return session;
    }
    sessions.set(vendor, session);
  }
  return sessions;
}

/** A user's sessions, one with each vendor daemon that the load needs. */
class LiveClient implements LoadClient {
  onLost: () => void = () => {};
  onSeatLost: (seat: Seat) => void = () => {};
  readonly #sessions: ReadonlyMap<string, LicenseSession>;
  readonly #vendorOf: ReadonlyMap<string, string>;

  constructor(
    sessions: ReadonlyMap<string, LicenseSession>,
    vendorOf: ReadonlyMap<string, string>,
  ) {
    this.#sessions = sessions;
    this.#vendorOf = vendorOf;
    for (const [vendor, session] of sessions) {
      session.onLost(() => this.#lost());
      session.onSeatLost((handle) => this.onSeatLost({ vendor, handle }));
    }
  }

  checkout(
    { feature, count, version }: SeatRequest,
    queue: QueueWish | undefined,
    done: (reply: Reply) => void,
  ): void {
    const vendor = this.#vendorOf.get(feature)!;
    const session = this.#sessions.get(vendor)!;
    const wish = queue && {
      mode: 'return' as const,
      queued: ({ handle }: { readonly handle: number }): void => {
        queue.queued(() => void session.leaveQueue(handle));
      },
    };
    session.askSeats({ feature, count, version, data: '' }, wish, (answer) =>
      done(replyOf(answer, vendor)),
    );
  }

  checkin({ vendor, handle }: Seat, done: (isBack: boolean) => void): void {
    this.#sessions.get(vendor)!.giveBack(handle, (no) => done(no === undefined));
  }

  close(): void {
    for (const session of this.#sessions.values()) session.close();
  }

  /** One daemon that is gone ends the client: what it has of others is given up with it, so that counts stay whole. */
  #lost(): void {
    this.close();
    this.onLost();
    this.onLost = () => {};
  }
}

/** A denial is a vendor daemon's, which knows of who has left its queue, too; all else is that nobody decided. */
function replyOf(answer: Granted | Refused, vendor: string): Reply {
  if (answer.ok) return { kind: 'granted', seat: { vendor, handle: answer.handle } };
  const code = answer.refusal.major;
  const isDecided = answer.by === 'daemon' || code === LEFT_QUEUE;
  return { kind: isDecided ? 'denied' : 'failed', code };
}
