import type { Client } from '../domain/ledger/model.ts';
import type { LogClient } from './scan/log-names.ts';

/** Clients by the number that stands for them, each made once. Below 0 stand those that growth adds. */
export function clientsOf(nameOf: (id: number) => LogClient): (id: number) => Client {
  const clients: Client[] = [];
  const added = new Map<number, Client>();
  return (id) => {
    if (id >= 0) {
      let client = clients[id];
      if (client === undefined) {
        client = clientNamed(nameOf(id));
        clients[id] = client;
      }
      return client;
    }
    let client = added.get(id);
    if (client === undefined) {
      const { user, host } = nameOf(originalOf(id));
      client = clientNamed({ user: `${user}+`, host: `${host}+` });
      added.set(id, client);
    }
    return client;
  };
}

/** The number of somebody new who is like this one. */
export function anotherLike(id: number): number {
  return id < 0 ? id : -1 - id;
}

/** Whom somebody new is like. */
export function originalOf(id: number): number {
  return -1 - id;
}

/** A client of whom a log tells no more. */
export function clientNamed({ user, host }: LogClient): Client {
  return { user, host, display: '', platform: '', pid: 0, project: '', address: '', hostids: [] };
}
