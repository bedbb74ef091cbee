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

/**
 * The ready file's content for a running server: the daemons that are up, since a pid of 0 is no process to kill.
 * In single-port mode they share the manager's port.
 */
export function readyFileOf(server: LicenseServer, http?: string): ReadyFile {
  const { address, port } = server;
  const up = server.vendors.filter((vendor) => vendor.up);
  const vendors = up.map(({ name, port: own, pid }) => ({ name, port: own || port, pid }));
  return { address, port, vendors, ...(http === undefined ? {} : { http }), pid: process.pid };
}

/** The line that says the server is ready, naming each address and port. */
export function readyLines(server: LicenseServer, json: boolean, http?: string): string {
  const ready = readyFileOf(server, http);
  if (json) return `${JSON.stringify(ready)}\n`;
  const bound = server.addresses.map((host) => portAtHost(ready.port, host)).join(' ');
  // A member of a triad that does not serve has none.
  const daemons = ready.vendors.map(({ name, port }) => `${name} on ${port}`).join(', ');
  const control = http === undefined ? '' : `control plane ${http}`;
  const listening = `fauxlm ready: ${ready.address} (listening on ${bound})`;
  return `${[listening, daemons, control].filter((part) => part !== '').join('; ')}\n`;
}

/** @throws KnownError FILE_UNREADABLE when it cannot be written */
export function writeReadyFile(path: string, ready: ReadyFile): void {
  writeWhole(path, `${JSON.stringify(ready)}\n`);
}

/**
 * Writes this process's own ready file again: a daemon that was restarted may have another pid, and lmreread starts
 * new ones. One that was taken away stays away.
 * @throws KnownError FILE_UNREADABLE when it cannot be written
 */
export function renewReadyFile(path: string, server: LicenseServer): void {
  const last = read(path);
  if (last?.pid === process.pid) writeReadyFile(path, readyFileOf(server, last.http));
}

/**
 * Removes the ready file of a server that was killed: who waits for the file must not find that one's. The file of
 * one that lives stays; the new one may turn out to have no port.
 */
export function removeStaleReadyFile(path: string): void {
  const pid = read(path)?.pid;
  if (pid !== undefined && !isAlive(pid)) removeWhole(path);
}

/** Removes this process's own ready file. */
export function removeReadyFile(path: string): void {
  if (read(path)?.pid === process.pid) removeWhole(path);
}

/** What is there, with the process that wrote it; undefined when there is none, or it is no ready file. */
function read(path: string): (Partial<ReadyFile> & { readonly pid: number }) | undefined {
  try {
    const found = statSync(path);
    // A pipe would be waited for.
    if (!found.isFile() || found.size > READY_BYTES_MAX) return undefined;
    const ready = JSON.parse(readFileSync(path, 'utf8')) as Partial<ReadyFile>;
    const { pid } = ready;
    return pid !== undefined && Number.isSafeInteger(pid) && pid > 0
      ? { ...ready, pid }
      : undefined;
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
