import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import { connectClient } from '../client/client.ts';
import type { ClientCheckout, ClientRefusal, WaitingCheckout } from '../client/client-answers.ts';
import type { ClientContext } from '../client/context.ts';
import type { LicenseClient } from '../client/license-client.ts';
import type { LicenseServer } from '../daemon/server.ts';
import { type CheckoutState, refusalOf } from './checkout-schemas.ts';
import { ownAddress, ownContext } from './own-server.ts';

/** What a client of the control plane asks for. */
export interface AskedCheckout {
  readonly feature: string;
  readonly count?: number | undefined;
  readonly version?: string | undefined;
  readonly vendor?: string | undefined;
  readonly user?: string | undefined;
  readonly host?: string | undefined;
  readonly display?: string | undefined;
  readonly whenInUse?: 'queue' | undefined;
}

/** One of them, and the connection that holds it. */
interface Entry {
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

  /** Those that are held, or wait, or waited in vain. */
  get states(): readonly CheckoutState[] {
    return [...this.#entries.values()].map(({ state }) => state);
  }

  /**
   * Checks out, and holds it until `checkin`. A refusal is a value, unless it queues.
   * @throws KnownError CONTROL_BUSY when as many are held as may be; as `connectClient` does
   */
  async checkout(asked: AskedCheckout): Promise<CheckoutState | ClientRefusal> {
    const { feature, count = 1, version = '0.0', whenInUse } = asked;
    const context = ownContext(this.#server, asked);
    const client = await this.#open(asked, context);
    const options = { count, version, ...(whenInUse === undefined ? {} : { whenInUse }) };
    try {
      const answer = await client.checkout(feature, options);
      if (!answer.ok && answer.queued === undefined) {
        client.close();
        return answer;
      }
      const { user, host } = context.identity;
      return this.#keep(client, { feature, count, user, host }, answer);
    } catch (error) {
      client.close();
      throw error;
    }
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
  connect(asked: AskedCheckout, context = ownContext(this.#server, asked)): Promise<LicenseClient> {
    const { vendor } = asked;
    const server = ownAddress(this.#server);
    return connectClient({ server, context, ...(vendor === undefined ? {} : { vendor }) });
  }

  #keep(
    client: LicenseClient,
    what: Pick<CheckoutState, 'feature' | 'count' | 'user' | 'host'>,
    answer: ClientCheckout | ClientRefusal,
  ): CheckoutState {
    const id = `c${++this.#count}`;
    const base = { id, ...what };
    const entry: Entry = answer.ok
      ? { client, checkout: answer, state: { ...base, ...heldState(answer) } }
      : { client, waiting: answer.queued!, state: { ...base, ...waitingState(answer) } };
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
  async checkin(id: string): Promise<ClientRefusal | undefined> {
    const entry = this.#entries.get(id);
    if (entry === undefined) {
      const text = `id: expected that of a checkout of /checkouts, got ${JSON.stringify(id.slice(0, 60))}`;
      throw new KnownError('CONTROL_REQUEST', text);
    }
    this.#entries.delete(id);
    const { client, checkout, waiting } = entry;
    const refusal = checkout ? await client.checkin(checkout) : await waiting?.leave();
    client.close();
    return refusal;
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
