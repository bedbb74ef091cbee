import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { KnownError } from '../base/errors.ts';

/**
 * How many files this process may have open, connections among them; infinite where the system does not say.
 * Beyond it the system library accepts and drops connections without a word to us, so we must not get there.
 */
const openFilesMax = readOpenFilesMax();

/**
 * Left for what is not a connection: logs, license files to read again, a daemon's process, and those to whom we
 * say no.
 */
const SPARE_MIN = 12;
const SPARE_MAX = 64;
const spare = Math.min(Math.max(openFilesMax / 16, SPARE_MIN), SPARE_MAX);

/** Connections that may wait for the end of our no, at a time. */
export const farewellsMax = spare / 2;

/** A process with fewer keeps them for connections. */
const PLENTY = 1_024;

/** Whether some may go for anything but connections and what must be open. */
export const arePlenty = openFilesMax >= PLENTY;

function readOpenFilesMax(): number {
  try {
    const row = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'));
    return row ? Number(row[1]) : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/**
 * Whether a new connection is among the last there can be. The system gives the lowest free descriptor: a high one
 * means that all below are taken.
 */
export function isAmongTheLast(socket: Socket): boolean {
  const { _handle } = socket as unknown as { readonly _handle?: { readonly fd?: number } | null };
  return (_handle?.fd ?? -1) >= openFilesMax - spare;
}

/** Node reads up to so many files at once when it loads a program. */
const LOADED_AT_ONCE = 256;

/** What a limit on open files (`ulimit -n`, or the machine's own) has to say where a file was to be opened. */
export function shortOfDescriptors(error: unknown): KnownError | undefined {
  const { code, path, message } = (error ?? {}) as NodeJS.ErrnoException;
  // Node takes a package whose package.json it cannot open for one that is not there.
  const missed = code === 'ERR_MODULE_NOT_FOUND' && openFilesMax < LOADED_AT_ONCE;
  if (code !== 'EMFILE' && code !== 'ENFILE' && !missed) return undefined;
  const what = missed ? message : `${path ?? 'a file'}: expected to open it, got ${code}`;
  const limit = Number.isFinite(openFilesMax) ? `, at most ${openFilesMax} at once` : '';
  const text = `${what}: too many open files${limit}`;
  return new KnownError('ENVIRONMENT_DESCRIPTORS', text, {}, { cause: error });
}
