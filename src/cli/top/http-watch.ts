import { askControl } from '../../control/control-client.ts';
import type { FeatureRow, QueueRow, UserRow } from '../../control/status-schemas.ts';
import {
  DENIALS_MAX,
  FEATURES_MAX,
  HOLDERS_MAX,
  type Holder,
  type Watch,
  type Watched,
  type WatchedDenial,
  type WatchedFeature,
} from './watched.ts';

/** 10,000 users in JSON are some 3 MB. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;
/** Requests that wait, of those that are shown beside the holders. */
const QUEUE_ROWS = 1_000;
/** Events looked back at for denials before the first look. */
const EVENTS_BACK = 10_000;

interface Health {
  readonly address: string;
  readonly clock: { readonly ms: number };
  readonly vendors: readonly { readonly name: string; readonly up: boolean }[];
}

interface ServerRows {
  readonly servers: readonly { readonly host: string; readonly state: string }[];
}

interface JournalAnswer {
  readonly count: number;
  readonly next: number;
  readonly events: readonly { readonly event: DenialEvent }[];
}

interface DenialEvent {
  readonly at: number;
  readonly feature: string;
  readonly client: { readonly user: string; readonly host: string };
  readonly refusal: { readonly major: number; readonly minor: number };
}

/** Asks the control plane of a server of ours, which tells of denials, too. */
export class HttpWatch implements Watch {
  readonly #url: URL;
  readonly #denials: WatchedDenial[] = [];
  #next: number | undefined;

  constructor(url: URL) {
    this.#url = url;
  }

  /** @throws KnownError as the server says it; NET_UNREACHABLE when nobody answers */
  async read(): Promise<Watched> {
    const [health, { servers }, { features }, users, waiting] = await Promise.all([
      this.#ask<Health>('/health'),
      this.#ask<ServerRows>('/servers'),
      this.#ask<{ features: readonly FeatureRow[] }>(`/features?limit=${FEATURES_MAX}`),
      this.#ask<{ total: number; users: readonly UserRow[] }>(`/users?limit=${HOLDERS_MAX}`),
      this.#ask<{ total: number; queue: readonly QueueRow[] }>(`/queue?limit=${QUEUE_ROWS}`),
      this.#readDenials(),
    ]);
    const holders = [...users.users.map(holderOf), ...waiting.queue.map(waiterOf)];
    return {
      source: `${health.address} by ${this.#url.host}`,
      at: health.clock.ms,
      hosts: servers.map(({ host: name, state }) => ({
        name,
        state: state === 'master' ? 'master' : state === 'down' ? 'down' : 'up',
      })),
      vendors: health.vendors,
      features: features.map(featureOf),
      holders: holders.slice(0, HOLDERS_MAX),
      holderCount: users.total + waiting.total,
      denials: [...this.#denials],
    };
  }

  async #ask<Answer>(path: string): Promise<Answer> {
    return (await askControl(this.#url, 'GET', path, undefined, ANSWER_BYTES_MAX)) as Answer;
  }

  async #readDenials(): Promise<void> {
    if (this.#next === undefined) {
      const { count } = await this.#ask<JournalAnswer>('/journal?limit=1&from=999999999');
      this.#next = Math.max(1, count - EVENTS_BACK + 1);
    }
    const kinds = 'kind=checkoutDenied,featureUnsupported';
    const path = `/journal?${kinds}&limit=${EVENTS_BACK}&from=${this.#next}`;
    const { count, next, events } = await this.#ask<JournalAnswer>(path);
    // After a reset of the server numbers begin at 1.
    if (count + 1 < this.#next) {
      this.#denials.length = 0;
      this.#next = 1;
      return;
    }
    this.#next = next;
    this.#denials.push(...events.slice(-DENIALS_MAX).map(({ event }) => denialOf(event)));
    this.#denials.splice(0, this.#denials.length - DENIALS_MAX);
  }
}

function featureOf(row: FeatureRow): WatchedFeature {
  const { vendor, feature: name, counted, capacity, used, reserved, borrowed, free, queued } = row;
  const seats = counted ? capacity : undefined;
  return { vendor, name, seats, used, reserved, borrowed, free, queued };
}

function holderOf({ vendor, feature, user, host, count, since, stay }: UserRow): Holder {
  const state = stay === 'borrow' ? 'borrowed' : stay === 'linger' ? 'lingers' : 'out';
  return { vendor, feature, user, host, count, since: Date.parse(since), state };
}

function waiterOf({ vendor, feature, user, host, count, since }: QueueRow): Holder {
  return { vendor, feature, user, host, count, since: Date.parse(since), state: 'waits' };
}

function denialOf({ at, feature, client, refusal }: DenialEvent): WatchedDenial {
  const { user, host } = client;
  return { at, user, host, feature, code: `${refusal.major},${refusal.minor}` };
}
