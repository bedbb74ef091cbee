import { portAtHost } from '../base/address.ts';
import type { ServerConfig } from './server-config.ts';

/** Addresses that are all of a family, and one of that family that clients on this machine reach. */
const local: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * `port@host` of a manager that listens on `port` of the address `bound`: for clients on this machine, or for
 * those to whom it advertises itself. Without single port an advertised port is the vendor daemon's.
 */
export function serverAddress(
  { advertise, singlePort }: ServerConfig,
  { port, bound = '127.0.0.1' }: { readonly port: number; readonly bound: string | undefined },
): string {
  const host = advertise?.host ?? local[bound] ?? bound;
  return portAtHost((singlePort ? advertise?.port : undefined) ?? port, host);
}
