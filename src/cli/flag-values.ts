import { isIPv6 } from 'node:net';
import { KnownError } from '../base/errors.ts';
import { checkTimeZone } from '../base/time-zone.ts';

/** @throws KnownError USAGE for anything but digits between the bounds */
export function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new KnownError(
    'USAGE',
    `${flag}: expected a whole number from ${min} to ${max}, got "${text}"`,
  );
}

/** `--timeout` in seconds as what a client waits for each connection and each answer. @throws KnownError USAGE */
export function clientWaits(
  timeout: number,
  max: number,
): { readonly connectTimeoutMs: number; readonly answerTimeoutMs: number } {
  if (!(timeout >= 0.1 && timeout <= max)) {
    throw new KnownError('USAGE', `--timeout: expected 0.1 to ${max} seconds, got ${timeout}`);
  }
  return { connectTimeoutMs: timeout * 1_000, answerTimeoutMs: timeout * 1_000 };
}

/** `1%`, `0.5 %` or `0.01`: more than nothing, less than all. @throws KnownError USAGE */
export function shareOf(text: string, flag: string): number {
  const [, number, sign] = /^(\d{1,3}(?:\.\d{1,9})?) ?(%?)$/.exec(text.trim()) ?? [];
  const share = Number(number) / (sign === '%' ? 100 : 1);
  if (share > 0 && share < 1) return share;
  throw new KnownError('USAGE', `${flag}: expected a share such as 1% or 0.01, got "${text}"`);
}

/** A name that a folder can have. @throws KnownError USAGE */
export function siteName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)) return text;
  const expected = 'up to 64 letters, digits, dots, dashes and underscores';
  throw new KnownError('USAGE', `--site: expected ${expected}, got "${text}"`);
}

/** As `logTarget`; `default` is where the vendors' own license manager has its log, `./default` a file of that name. */
export function serverLog(text: string): { path?: string; usual?: true; append: boolean } {
  const { path, append } = logTarget(text);
  return path === 'default' ? { usual: true, append } : logTarget(text);
}

/** `+FILE` appends, `-` is standard output. Source: LAG, lmgrd `-l`. */
export function logTarget(text: string): { path?: string; append: boolean } {
  if (text === '-') return { append: true };
  return text.startsWith('+')
    ? { path: text.slice(1), append: true }
    : { path: text, append: false };
}

/**
 * The configuration's part for a minimum age in seconds, a week at most; nothing when none is given.
 * @throws KnownError USAGE
 */
export function lmremoveAge(
  flag: string,
  seconds: string | undefined,
): { readonly lmremoveAgeSecondsMin?: number } {
  if (seconds === undefined || seconds === '') return {};
  return { lmremoveAgeSecondsMin: wholeNumber(flag, seconds, 0, 604_800) };
}

/** A folder of this machine; it need not be there yet. @throws KnownError USAGE */
export function stateFolder(text: string, flag: string): string {
  if (text.trim() !== '') return text;
  throw new KnownError('USAGE', `${flag}: expected a folder, got nothing`);
}

/** VENDOR=FILE. @throws KnownError USAGE */
export function vendorFile(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new KnownError('USAGE', `--options: expected VENDOR=FILE, got "${text}"`);
}

/** HOST, HOST:PORT, IPV6 or [IPV6]:PORT. @throws KnownError USAGE */
export function hostAndPort(text: string): { host: string; port?: number } {
  if (isIPv6(text)) return { host: text };
  const match = /^(?:\[([^\]\s]+)\]|([^:\s[\]@]+))(?::(.*))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || (match?.[1] !== undefined && !isIPv6(host))) {
    throw new KnownError(
      'USAGE',
      `--advertise: expected HOST, HOST:PORT or [IPV6]:PORT, got "${text}"`,
    );
  }
  const port = match?.[3];
  return port === undefined
    ? { host }
    : { host, port: wholeNumber('--advertise', port, 1, 65_535) };
}

/** An address to listen on; an empty one would be all of them. @throws KnownError USAGE */
export function listenHost(text: string): string {
  if (text.trim() !== '') return text.replace(/^\[(.*)\]$/, '$1');
  throw new KnownError('USAGE', '--host: expected an address to listen on, got none');
}

/** @throws KnownError USAGE */
export function timeZoneName(name: string): string {
  checkTimeZone(name, '--time-zone');
  return name;
}
