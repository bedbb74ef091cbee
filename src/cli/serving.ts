import type { ControlPlane } from '../control/control-plane.ts';
import type { HttpAddress } from '../control/http-address.ts';
import { armFaults, type FaultOrder } from '../daemon/faults.ts';
import { type LicenseServer, startServer } from '../daemon/server.ts';
import type { ServerConfig } from '../daemon/server-config.ts';
import { writeWhole } from '../files/whole-file.ts';

/** What `--ready-file` holds; a contract with scripts. */
export interface ReadyFile {
  readonly address: string;
  readonly port: number;
  readonly vendors: readonly {
    readonly name: string;
    readonly port: number;
    readonly pid: number;
  }[];
  /** The control plane, when there is one. */
  readonly http?: string;
  readonly pid: number;
}

/** The ready file's content for a running server. In single-port mode daemons share the manager's port. */
export function readyFileOf(server: LicenseServer, http?: string): ReadyFile {
  const { address, port } = server;
  const vendors = server.vendors.map((vendor) => ({
    name: vendor.name,
    port: vendor.port || port,
    pid: vendor.pid,
  }));
  return { address, port, vendors, ...(http === undefined ? {} : { http }), pid: process.pid };
}

/** The line that says the server is ready, naming each address and port. */
export function readyLines(server: LicenseServer, json: boolean, http?: string): string {
  const ready = readyFileOf(server, http);
  if (json) return `${JSON.stringify(ready)}\n`;
  const bound = server.addresses.map((host) => `${ready.port}@${host}`).join(' ');
  const daemons = ready.vendors.map(({ name, port }) => `${name} on ${port}`).join(', ');
  const control = http === undefined ? '' : `; control plane ${http}`;
  return `fauxlm ready: ${ready.address} (listening on ${bound}); ${daemons}${control}\n`;
}

/**
 * Runs a license server until it is stopped: by SIGTERM, SIGINT or lmdown. Gives the exit status.
 * A second signal while it stops ends the process at once.
 */
export async function runServer(
  config: ServerConfig,
  how: {
    readonly faults: readonly FaultOrder[];
    readonly ready: (server: LicenseServer, http: string | undefined) => string;
    /** Where the control plane listens; absent: there is none, and its library is not loaded. */
    readonly http?: HttpAddress;
    readonly readyFile?: string;
  },
): Promise<number> {
  const server = await startServer(config);
  let stopping = false;
  const stop = (signal: number) => () => {
    if (stopping) process.exit(128 + signal);
    stopping = true;
    void server.stop(signal);
  };
  process.on('SIGTERM', stop(15));
  process.on('SIGINT', stop(2));
  process.on('exit', () => server.flushNow());
  let control: ControlPlane | undefined;
  try {
    armFaults(server, how.faults);
    control = await startControl(server, how.http);
    if (how.readyFile !== undefined) {
      writeWhole(how.readyFile, `${JSON.stringify(readyFileOf(server, control?.url))}\n`);
    }
  } catch (error) {
    await Promise.all([server.stop(), control?.close()]);
    throw error;
  }
  process.stdout.write(how.ready(server, control?.url));
  await server.stopped;
  await control?.close();
  return 0;
}

/** Loads the HTTP library only for who wants it: it takes longer to load than everything else. */
async function startControl(
  server: LicenseServer,
  address: HttpAddress | undefined,
): Promise<ControlPlane | undefined> {
  if (address === undefined) return undefined;
  const { startControlPlane } = await import('../control/control-plane.ts');
  return startControlPlane(server, address);
}
