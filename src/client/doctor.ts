import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { refusalText } from '../base/flexnet-errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { OWN_VERSION } from '../wire/messages/own.ts';
import type { ClientStep } from './client-log.ts';
import type { ClientContext } from './context.ts';
import { fixOf } from './doctor-fixes.ts';
import type { Greeted } from './greeting.ts';
import { CLIENT_VERSION } from './identity.ts';
import { addressText, type Endpoint, endpointText, type ServerAddress } from './license-path.ts';
import { ManagerLine } from './manager-line.ts';
import { daemonNames } from './public-commands.ts';
import { isRefused } from './refused.ts';

/** The hops on the way to a license, in their order. */
export type Hop =
  | 'name'
  | 'manager'
  | 'versions'
  | 'clock'
  | 'vendor'
  | 'redirect'
  | 'daemon'
  | 'feature';

/** What was found at one hop. */
export interface HopFinding {
  readonly hop: Hop;
  readonly state: 'ok' | 'warn' | 'fail';
  /** What is so. */
  readonly text: string;
  /** What to do about it; there unless it is ok. */
  readonly fix?: string;
}

/** Vendor daemons that are looked at. */
const VENDORS_MAX = 50;
/** Clocks further apart than this are worth a word: licenses begin and end by the server's. */
const CLOCK_SECONDS = 120;

/** Takes the way of a license client to a server, hop by hop, and tells what it meets; nothing is checked out. */
export async function examineServer(
  address: ServerAddress,
  context: ClientContext,
): Promise<readonly HopFinding[]> {
  const found: HopFinding[] = [];
  const name = await examineName(address.host);
  found.push(name);
  if (name.state === 'fail') return found;
  const line = await ManagerLine.open(address, context);
  if (isRefused(line)) return [...found, failed('manager', addressText(address), line)];
  try {
    found.push(ok('manager', `a license manager answers at ${endpointText(line.endpoint)}`));
    found.push(versionOf(line.greeted));
    const clock = await clockOf(line.greeted, context);
    if (clock !== undefined) found.push(clock);
    found.push(...(await examineVendors(line, context)));
  } finally {
    line.close();
  }
  return found;
}

async function examineName(host: string): Promise<HopFinding> {
  if (isIP(host) !== 0) return ok('name', `${host} is an address`);
  try {
    const addresses = await lookup(host, { all: true });
    const list = addresses.map(({ address }) => address).join(', ');
    return ok('name', `${host} is ${list}`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'an error';
    const refusal = { major: -96, minor: 7, sysText: code };
    return {
      hop: 'name',
      state: 'fail',
      text: `${host}: no address (${code})`,
      fix: fixOf(refusal),
    };
  }
}

function versionOf({ own, versionMajor, versionMinor }: Greeted): HopFinding {
  const server = `FlexNet ${versionMajor}.${versionMinor}`;
  const text = `${server}, ${own ? 'fauxlm' : "another maker's"}`;
  const { major, minor } = CLIENT_VERSION;
  const isOlder = versionMajor < major || (versionMajor === major && versionMinor < minor);
  if (own || !isOlder) return ok('versions', text);
  const fix = `a vendor daemon must be as new as what asks it (-83): ours says ${major}.${minor}`;
  return { hop: 'versions', state: 'warn', text, fix };
}

/** Only a server of ours tells its time. */
async function clockOf(
  { own, connection }: Greeted,
  { clock }: ClientContext,
): Promise<HopFinding | undefined> {
  if (!own) return undefined;
  const answer = await connection.ask('serverRequest', { ownVersion: OWN_VERSION, tag: 1 });
  if (answer.kind !== 'serverAnswer') return undefined;
  const { serverTime } = answer.value;
  const apart = Math.round(Math.abs(clock.now() / 1_000 - serverTime));
  const text = `the server says ${new Date(serverTime * 1_000).toISOString()}`;
  if (apart <= CLOCK_SECONDS) return ok('clock', text);
  return {
    hop: 'clock',
    state: 'warn',
    text: `${text}, ${apart} s from here`,
    fix: 'licenses begin and end by the clock of the server: set it, unless it is a --clock of its own',
  };
}

async function examineVendors(
  line: ManagerLine,
  context: ClientContext,
): Promise<readonly HopFinding[]> {
  const manager = await line.manager();
  if (isRefused(manager)) return [failed('vendor', 'the list of vendor daemons', manager)];
  const names = await daemonNames(manager, context);
  if (isRefused(names)) {
    return [failed('vendor', 'the list of vendor daemons', { refusal: names.refusal })];
  }
  if (names.length === 0) {
    const fix = 'the license file needs a VENDOR line: run fauxlm lint on it';
    return [{ hop: 'vendor', state: 'fail', text: 'the manager has no vendor daemon', fix }];
  }
  const found: HopFinding[] = [];
  for (const name of names.slice(0, VENDORS_MAX)) {
    found.push(...(await examineVendor(line.endpoint, name, context)));
  }
  return found;
}

/** Over a line of its own, so that one that hangs spoils no other. */
async function examineVendor(
  manager: Endpoint,
  vendor: string,
  context: ClientContext,
): Promise<readonly HopFinding[]> {
  let redirect: string | undefined;
  const step = (name: ClientStep, text: string): void => {
    if (name === 'redirect') redirect = text.replace(/^[^ ]+ /, '');
  };
  const line = await ManagerLine.at(manager, { ...context, log: { step } });
  if (isRefused(line)) return [failed('vendor', vendor, line)];
  const daemon = await line.daemon(vendor);
  const moved = redirect !== undefined && !redirect.includes('refused');
  const told = moved ? [ok('redirect', redirect!)] : [];
  if (isRefused(daemon)) {
    line.close();
    return [...told, failed(moved ? 'daemon' : 'vendor', vendor, daemon, moved)];
  }
  daemon.connection.close();
  line.close();
  const { versionMajor, versionMinor } = daemon;
  return [...told, ok('daemon', `${vendor} answers, FlexNet ${versionMajor}.${versionMinor}`)];
}

function ok(hop: Hop, text: string): HopFinding {
  return { hop, state: 'ok', text };
}

function failed(
  hop: Hop,
  what: string,
  { refusal, explanation }: { readonly refusal: Refusal; readonly explanation?: readonly string[] },
  behindRedirect = false,
): HopFinding {
  const { major, minor, sysText } = refusal;
  const words = explanation?.[0] ?? sysText ?? refusalText(refusal);
  const text = `${what}: ${words} (${major},${minor})`;
  return { hop, state: 'fail', text, fix: fixOf(refusal, behindRedirect) };
}
