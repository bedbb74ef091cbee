import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { connectClient } from '../client/client.ts';
import type { ClientCheckout, ClientRefusal, WaitingCheckout } from '../client/client-answers.ts';
import type { ClientContext } from '../client/context.ts';
import type { LicenseClient } from '../client/license-client.ts';
import type { LicenseServer } from '../daemon/server.ts';
import { type CheckoutState, refusalOf } from './checkout-schemas.ts';
import { ownAddress, ownContext } from './own-server.ts';
import type { TestSession } from './test-sessions.ts';

/** What a client of the control plane asks for. */
export interface AskedCheckout {
  readonly feature: string;
  readonly count?: number | undefined;
  readonly version?: string | undefined;
  readonly vendor?: string | undefined;
  readonly user?: string | undefined;
  readonly host?: string | undefined;
  readonly display?: string | undefined;
  readonly project?: string | undefined;
  /** The vendor's checkout data. */
  readonly data?: string | undefined;
  readonly whenInUse?: 'queue' | undefined;
}

/** One of them, and the connection that holds it. */
interface Entry {
  /** The session that it is of. */
  readonly session: TestSession | undefined;
  readonly client: LicenseClient;
  readonly waiting?: WaitingCheckout;
  checkout?: ClientCheckout;
  state: CheckoutState;
}

/**
 * Licenses that clients of the control plane hold: any language that speaks HTTP can be a license client. Each is a
 * client of ours with a connection of its own, so that log, lmstat and faults see no difference.
 */
export class HeldCheckouts {
  readonly #server: LicenseServer;
  readonly #entries = new Map<string, Entry>();
  #opening = 0;
  #count = 0;

  constructor(server: LicenseServer) {
    this.#server = server;
  }

  /** Those that are held, or wait, or waited in vain; of one session, or all. */
  states(session?: TestSession): readonly CheckoutState[] {
    return this.#of(session).map(({ state }) => state);
  }

  #of(session: TestSession | undefined): readonly Entry[] {
    const all = [...this.#entries.values()];
    return session === undefined ? all : all.filter((entry) => entry.session === session);
  }

  /**
   * Checks out, and holds it until `checkin`. A refusal is a value, unless it queues.
   * @throws KnownError CONTROL_BUSY when as many are held as may be; as `connectClient` does
   */
  async checkout(
    asked: AskedCheckout,
    session?: TestSession,
  ): Promise<CheckoutState | ClientRefusal> {
    const { feature, count = 1, version = '0.0', data = '', whenInUse } = asked;
    const context = this.#contextOf(asked, session);
    const client = await this.#open(asked, context);
    const options = { count, version, data, ...(whenInUse === undefined ? {} : { whenInUse }) };
    try {
      const answer = await client.checkout(feature, options);
      if (!answer.ok && answer.queued === undefined) {
        client.close();
        return answer;
      }
      const { user, host } = context.identity;
      return this.#keep({ client, session }, { feature, count, user, host }, answer);
    } catch (error) {
      client.close();
      throw error;
    }
  }

  #contextOf(asked: AskedCheckout, session?: TestSession): ClientContext {
    const context = ownContext(this.#server, asked, session?.pid);
    const { project = context.identity.project } = asked;
    return { ...context, identity: { ...context.identity, project } };
  }

  /** Connects, where there is room for one more. */
  async #open(asked: AskedCheckout, context: ClientContext): Promise<LicenseClient> {
    if (this.#entries.size + this.#opening >= limits.httpCheckoutsMax) {
      const text = `expected at most ${limits.httpCheckoutsMax} checkouts held over HTTP, got one more`;
      throw new KnownError('CONTROL_BUSY', text);
    }
    this.#opening++;
    try {
      return await this.connect(asked, context);
    } finally {
      this.#opening--;
    }
  }

  /** A client of who asks; the caller closes it. @throws KnownError as `connectClient` does */
  connect(asked: AskedCheckout, context = this.#contextOf(asked)): Promise<LicenseClient> {
    const { vendor } = asked;
    const server = ownAddress(this.#server);
    return connectClient({ server, context, ...(vendor === undefined ? {} : { vendor }) });
  }

  #keep(
    whose: Pick<Entry, 'client' | 'session'>,
    what: Pick<CheckoutState, 'feature' | 'count' | 'user' | 'host'>,
    answer: ClientCheckout | ClientRefusal,
  ): CheckoutState {
    const id = `c${++this.#count}`;
    const base = { id, ...what };
    const entry: Entry = answer.ok
      ? { ...whose, checkout: answer, state: { ...base, ...heldState(answer) } }
      : { ...whose, waiting: answer.queued!, state: { ...base, ...waitingState(answer) } };
    this.#entries.set(id, entry);
    if (!answer.ok) void this.#follow(entry, answer.queued!);
    return entry.state;
  }

  async #follow(entry: Entry, waiting: WaitingCheckout): Promise<void> {
    const turn = await waiting.granted;
    if (turn.ok) {
      entry.checkout = turn;
      entry.state = { ...entry.state, ...heldState(turn) };
    } else {
      const refusal = refusalOf(turn.refusal, turn.text);
      entry.state = { ...entry.state, state: 'refused', refusal };
    }
  }

  /** Gives it back, or leaves the queue; a refusal when the server says so. @throws KnownError CONTROL_REQUEST */
  async checkin(id: string, session?: TestSession): Promise<ClientRefusal | undefined> {
    const entry = this.#entries.get(id);
    const isOthers = session !== undefined && entry?.session !== session;
    if (entry === undefined || isOthers) {
      const text = `id: expected that of a checkout of /checkouts, got ${JSON.stringify(id.slice(0, 60))}`;
      throw new KnownError('CONTROL_REQUEST', text);
    }
    this.#entries.delete(id);
    const { client, checkout, waiting } = entry;
    const refusal = checkout ? await client.checkin(checkout) : await waiting?.leave();
    client.close();
    return refusal;
  }

  /** Gives all of a session back. Those who wait leave first: else they would get what the others leave. */
  async checkinAll(session: TestSession): Promise<void> {
    const isWaiting = ({ state }: Entry): boolean => state.state === 'waiting';
    const all = this.#of(session);
    const inOrder = [...all.filter(isWaiting), ...all.filter((entry) => !isWaiting(entry))];
    for (const { state } of inOrder) await this.checkin(state.id, session);
    // A turn that came just before its waiting ended comes back with the connection.
    await this.#server.traffic.settled();
  }

  /** Cuts all of them off, as the end of a program would: the seats come back. */
  close(): void {
    for (const { client } of this.#entries.values()) client.close();
    this.#entries.clear();
  }
}

function heldState({ vendor, handle, poolVersion }: ClientCheckout) {
  return {
    state: 'held',
    vendor,
    handle,
    version: poolVersion,
    ahead: null,
    refusal: null,
  } as const;
}

function waitingState({ refusal, text, queued }: ClientRefusal) {
  const { handle, ahead } = queued!;
  const why = refusalOf(refusal, text);
  return { state: 'waiting', vendor: null, handle, version: null, ahead, refusal: why } as const;
}
