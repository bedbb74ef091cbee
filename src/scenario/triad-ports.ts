import type { Socket } from 'node:net';
import { Listener } from '../daemon/listener.ts';
import { TRIAD_MEMBERS } from '../domain/triad/order.ts';

/** `SERVER host hostid [port]`, up to its port. */
const serverLine = /^([ \t]*SERVER[ \t]+(\S+)[ \t]+\S+)(?:[ \t]+\d+)?/gim;

/** Hosts of the SERVER lines, in lower case and in order. */
export function serverHosts(license: string): readonly string[] {
  return [...license.matchAll(serverLine)].map(([, , host]) => host!.toLowerCase());
}

/** The license text with these ports in its SERVER lines, by host. */
export function withServerPorts(license: string, ports: ReadonlyMap<string, number>): string {
  return license.replace(serverLine, (line, start: string, host: string) => {
    const port = ports.get(host.toLowerCase());
    return port === undefined ? line : `${start} ${port}`;
  });
}

/** Ports that were free a moment ago, one for each member of a triad: all members have to know them beforehand. */
export async function freeTriadPorts(): Promise<readonly number[]> {
  const listeners = Array.from({ length: TRIAD_MEMBERS }, () => new Listener(refuse, refuse));
  await Promise.all(listeners.map((listener) => listener.listen(['127.0.0.1'], 0)));
  await Promise.all(listeners.map((listener) => listener.close()));
  return listeners.map(({ port }) => port);
}

function refuse(socket: Socket | Error): void {
  if ('destroy' in socket) socket.destroy();
}
