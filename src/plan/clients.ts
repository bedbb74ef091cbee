import type { Client } from '../domain/ledger/model.ts';
import type { LogClient } from './scan/log-names.ts';

/** Beyond so many, finding one in memory costs more than making it, and all of them are 100 bytes each. */
const CLIENTS_KEPT_MAX = 20_000;

/**
 * Clients by the number that stands for them, each made once unless there are too `many` to keep. Below 0 stand those
 * that growth adds.
 */
export function clientsOf(nameOf: (id: number) => LogClient, many = 0): (id: number) => Client {
  const made = (id: number): Client => {
    if (id >= 0) return clientNamed(nameOf(id));
    const { user, host } = nameOf(originalOf(id));
    return clientNamed({ user: `${user}+`, host: `${host}+` });
  };
  if (many > CLIENTS_KEPT_MAX) return made;
  const clients: Client[] = [];
  const added: Client[] = [];
  return (id) => {
    const list = id < 0 ? added : clients;
    const index = id < 0 ? originalOf(id) : id;
    let client = list[index];
    if (client === undefined) {
      client = made(id);
      list[index] = client;
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

const noHostids: readonly string[] = [];

/** A client of whom a log tells no more. */
export function clientNamed({ user, host }: LogClient): Client {
  const hostids = noHostids;
  return { user, host, display: '', platform: '', pid: 0, project: '', address: '', hostids };
}
