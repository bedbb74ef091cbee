import type { VendorDaemon } from './vendor-daemon.ts';

/**
 * Listens on the port of a daemon's VENDOR line; without one on its vendor's usual port, which gives way to a free
 * one when it is taken.
 * @throws KnownError NET_PORT_IN_USE when the VENDOR line's is taken.
 */
export async function listenAsUsual({ host, name, options }: VendorDaemon): Promise<void> {
  const { hosts, port, policy, notice } = options;
  if (port !== undefined) return host.listen(hosts, port);
  const usual = policy.defaultPort;
  if (usual !== undefined) {
    try {
      return await host.listen(hosts, usual);
    } catch {
      notice('usual port of the vendor is taken', { vendor: name, port: usual });
    }
  }
  return host.listen(hosts, 0);
}
