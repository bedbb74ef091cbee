import { createServer, type Server } from 'node:net';
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
  const servers = await Promise.all(Array.from({ length: TRIAD_MEMBERS }, listen));
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port);
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
  );
  return ports;
}

function listen(): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve(server));
  });
}
