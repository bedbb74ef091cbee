import type { Client } from '../../domain/ledger/model.ts';
import { anotherLike, clientsOf, originalOf } from '../clients.ts';
import type { DemandRows } from '../demand/demand.ts';
import type { LogClient } from '../scan/log-names.ts';

/** A demand in memory that threads share, its clients numbered anew from 0 so that their names can go along. */
export interface SharedDemand {
  readonly demand: DemandRows;
  readonly clients: SharedClients;
}

/** User and host of each client, as numbers of names: names that many have are kept once. */
export interface SharedClients {
  readonly user: Int32Array;
  readonly host: Int32Array;
  /** The names of users and those of hosts: two lists as JSON, in UTF-8. */
  readonly names: Uint8Array;
}

/** Copies a demand to where threads share it. `nameOf`: user and host of a client's number. */
export function sharedDemand(demand: DemandRows, nameOf: (id: number) => LogClient): SharedDemand {
  const { length } = demand.at;
  const shared = {
    at: new Float64Array(new SharedArrayBuffer(8 * length)),
    holdMs: new Float64Array(new SharedArrayBuffer(8 * length)),
    client: new Int32Array(new SharedArrayBuffer(4 * length)),
    count: new Int32Array(new SharedArrayBuffer(4 * length)),
    isInitial: new Uint8Array(new SharedArrayBuffer(length)),
  };
  const table = new ClientTable(nameOf);
  for (let row = 0; row < length; row++) {
    const id = demand.client[row]!;
    shared.client[row] = id < 0 ? anotherLike(table.numberOf(originalOf(id))) : table.numberOf(id);
  }
  shared.at.set(demand.at);
  shared.holdMs.set(demand.holdMs);
  shared.count.set(demand.count);
  shared.isInitial.set(demand.isInitial);
  return { demand: shared, clients: table.shared() };
}

/** The clients of a shared demand by their numbers, for one thread. */
export function clientsOfShared({ user, host, names }: SharedClients): (id: number) => Client {
  const { buffer, byteOffset, byteLength } = names;
  const text = Buffer.from(buffer, byteOffset, byteLength).toString();
  const [users, hosts] = JSON.parse(text) as [string[], string[]];
  return clientsOf((id) => ({ user: users[user[id]!]!, host: hosts[host[id]!]! }), user.length);
}

/** Numbers clients by their first appearance. */
class ClientTable {
  readonly #nameOf: (id: number) => LogClient;
  /** By number of the log, from 1; 0: none yet. */
  #numbers = new Int32Array(1024);
  readonly #user: number[] = [];
  readonly #host: number[] = [];
  readonly #users = new Map<string, number>();
  readonly #hosts = new Map<string, number>();

  constructor(nameOf: (id: number) => LogClient) {
    this.#nameOf = nameOf;
  }

  numberOf(id: number): number {
    if (id >= this.#numbers.length) {
      const grown = new Int32Array(2 * id);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    const known = this.#numbers[id]!;
    if (known !== 0) return known - 1;
    const { user, host } = this.#nameOf(id);
    this.#user.push(indexIn(this.#users, user));
    const number = this.#host.push(indexIn(this.#hosts, host));
    this.#numbers[id] = number;
    return number - 1;
  }

  shared(): SharedClients {
    const text = Buffer.from(JSON.stringify([[...this.#users.keys()], [...this.#hosts.keys()]]));
    const names = new Uint8Array(new SharedArrayBuffer(text.length));
    names.set(text);
    return { user: sharedInts(this.#user), host: sharedInts(this.#host), names };
  }
}

function indexIn(names: Map<string, number>, name: string): number {
  const known = names.get(name);
  if (known !== undefined) return known;
  names.set(name, names.size);
  return names.size - 1;
}

function sharedInts(values: readonly number[]): Int32Array {
  const ints = new Int32Array(new SharedArrayBuffer(4 * values.length));
  ints.set(values);
  return ints;
}
