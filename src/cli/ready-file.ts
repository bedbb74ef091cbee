import { readFileSync, statSync } from 'node:fs';
import { portAtHost } from '../base/address.ts';
import type { LicenseServer } from '../daemon/server.ts';
import { removeWhole, writeWhole } from '../files/whole-file.ts';

/** Larger ones are none of ours. */
const READY_BYTES_MAX = 1024 * 1024;

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
  const bound = server.addresses.map((host) => portAtHost(ready.port, host)).join(' ');
  const daemons = ready.vendors.map(({ name, port }) => `${name} on ${port}`).join(', ');
  const control = http === undefined ? '' : `; control plane ${http}`;
  return `fauxlm ready: ${ready.address} (listening on ${bound}); ${daemons}${control}\n`;
}

/** @throws KnownError FILE_UNREADABLE when it cannot be written */
export function writeReadyFile(path: string, ready: ReadyFile): void {
  writeWhole(path, `${JSON.stringify(ready)}\n`);
}

/**
 * Removes the ready file of a server that was killed: who waits for the file must not find that one's. The file of
 * one that lives stays; the new one may turn out to have no port.
 */
export function removeStaleReadyFile(path: string): void {
  const pid = writerOf(path);
  if (pid !== undefined && !isAlive(pid)) removeWhole(path);
}

/** Removes this process's own ready file. */
export function removeReadyFile(path: string): void {
  if (writerOf(path) === process.pid) removeWhole(path);
}

/** The process that wrote it; undefined when there is none, or it is no ready file. */
function writerOf(path: string): number | undefined {
  try {
    const found = statSync(path);
    // A pipe would be waited for.
    if (!found.isFile() || found.size > READY_BYTES_MAX) return undefined;
    const { pid } = JSON.parse(readFileSync(path, 'utf8')) as Partial<ReadyFile>;
    return Number.isSafeInteger(pid) && pid! > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
