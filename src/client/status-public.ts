import { flexnetError } from '../base/flexnet-errors.ts';
import type { Refusal } from '../base/refusal.ts';
import type { LicenseLine } from '../domain/license/model.ts';
import type { FeatureUsage, PoolEntry, PoolLock, UserEntry } from '../text/lmstat-report.ts';
import type { Dialogue } from './context.ts';
import type { Greeted } from './greeting.ts';
import { askCommand, daemonNames, readLicenseText } from './public-commands.ts';
import { untilNul, wholeNumber, wordsOf } from './public-text.ts';
import type { Received } from './received.ts';
import { isRefused, type Refused } from './refused.ts';
import {
  type DaemonUsage,
  type ManagerFacts,
  type PublicStatus,
  refusalOf,
  type ServerFacts,
  tooMuch,
  type UsageQuestion,
} from './status-facts.ts';
import { LegacyDaemon } from './status-legacy.ts';
import { isRefusal } from './status-source.ts';

/**
 * Status by the public, read-only messages, from servers that are not ours. Their records have no count,
 * linger, queue or pool: a feature's users all stand in the first pool of its license lines.
 * Source: docs/protocol.md, "Public messages".
 */

/** Seats in use that one daemon may claim: ten times what a vendor daemon is said to serve. */
const USERS_MAX = 300_000;
/** Vendor daemons before 11.10 speak the 147-byte messages only. */
const FRAMES_SINCE = { major: 11, minor: 10 };

/** What a manager says of itself; its SERVER lines come from the license text it hands out. */
export async function readPublicManager(
  manager: Greeted,
  dialogue: Dialogue,
): Promise<ManagerFacts | Refusal> {
  const paths = await askCommand(manager, 'getpaths', dialogue);
  if (isRefused(paths)) return paths.refusal;
  const vendors = await daemonNames(manager, dialogue);
  if (isRefused(vendors)) return vendors.refusal;
  const text = await readLicenseText(manager, dialogue);
  return {
    version: versionOf(manager),
    licensePaths: paths.text === '' ? [] : [paths.text.replace(/:$/, '')],
    servers: isRefused(text) ? [] : serversOf(text.lines, manager),
    vendors: vendors.map((name) => ({ name })),
    ...(isRefused(text) ? {} : { lines: text.lines }),
  };
}

/** The version in a greeting: two numbers, as `11.16`. */
export function versionOf({ versionMajor, versionMinor }: Greeted): string {
  return `${versionMajor}.${versionMinor}`;
}

/** No message tells the master: it is the host that the greeting names, else the first. */
function serversOf(lines: readonly LicenseLine[], { greetedHost }: Greeted): ServerFacts[] {
  const servers = lines.filter((line) => line.kind === 'server');
  const greeted = servers.findIndex(({ host }) => shortName(host) === shortName(greetedHost));
  return servers.map(({ host, port = 0 }, index) => {
    return { host, port, master: index === Math.max(greeted, 0) };
  });
}

function shortName(host: string): string {
  return host.toLowerCase().split('.', 1)[0] ?? '';
}

/**
 * What a vendor daemon serves and who uses it. `lines` are the manager's license text; `reopen` greets the daemon
 * anew, which an old one may need.
 */
export async function readPublicUsage(
  daemon: Greeted,
  lines: readonly LicenseLine[],
  question: UsageQuestion,
  reopen: () => Promise<Greeted | Refused>,
): Promise<DaemonUsage | Refusal> {
  if (!isBeforeFrames(daemon)) {
    const names = await readNames(daemon);
    if (isRefusal(names)) return names;
    return usageOfAll(names, lines, question, (name, allowed) => {
      const line = licensedLine(lines, name);
      return readStatusOf(daemon, name, line?.attributes.sign ?? line?.key ?? '', allowed);
    });
  }
  const legacy = new LegacyDaemon(daemon, reopen);
  try {
    const names = await legacy.names();
    if (isRefusal(names)) return names;
    return await usageOfAll(names, lines, question, (name) => legacy.status(name));
  } finally {
    legacy.close();
  }
}

/** Asks for one feature after the other; once the connection fails, nothing more. */
async function usageOfAll(
  names: readonly string[],
  lines: readonly LicenseLine[],
  { feature, users }: UsageQuestion,
  ask: (name: string, usersMax: number) => Promise<PublicStatus | Refusal>,
): Promise<DaemonUsage> {
  const wanted = feature?.toLowerCase();
  const features: FeatureUsage[] = [];
  let allowed = USERS_MAX;
  let failed: Refusal | undefined;
  for (const name of new Set(names)) {
    if (wanted !== undefined && name.toLowerCase() !== wanted) continue;
    const status: PublicStatus | Refusal = failed ?? (await ask(name, allowed));
    if (!isRefusal(status)) allowed -= status.used;
    else if (flexnetError(status.major).group === 'connection') failed = status;
    features.push(usageOf(name, licensedLine(lines, name), status, users));
  }
  return { features, empty: features.length === 0 };
}

function isBeforeFrames({ versionMajor, versionMinor }: Greeted): boolean {
  const { major, minor } = FRAMES_SINCE;
  return versionMajor < major || (versionMajor === major && versionMinor < minor);
}

async function readNames({ connection }: Greeted): Promise<string[] | Refusal> {
  const answer = await connection.ask('featuresRequest', { lead: undefined });
  return answer.kind === 'textAnswer' ? wordsOf(untilNul(answer.value.text, 0)) : refusalOf(answer);
}

/** Bytes of a line's signature that a status request carries. */
const SIGN_CHARACTERS = 20;

async function readStatusOf(
  { connection }: Greeted,
  feature: string,
  sign: string,
  usersMax: number,
): Promise<PublicStatus | Refusal> {
  const shown = sign.replaceAll(' ', '').slice(0, SIGN_CHARACTERS);
  const others = Buffer.from(`${shown}\0\0\0\0\u0001`, 'latin1');
  const answer = await connection.ask('featureStatusRequest', { feature, others });
  if (answer.kind !== 'featureStatus') return refusalOf(answer);
  const used = wholeNumber(answer.value.used);
  const total = wholeNumber(answer.value.total);
  if (used > usersMax) return tooMuch;
  const entries: PoolEntry[] = [];
  for (let record = 0; record < used; record++) {
    const received = await connection.next();
    if (received.kind !== 'usage') return refusalOf(received);
    addEntry(entries, received.value);
  }
  return { used, total, entries };
}

/** `G` and a group's name with nothing but zeros behind is a reserved seat; several in a row are one line. */
function addEntry(
  entries: PoolEntry[],
  record: Extract<Received, { kind: 'usage' }>['value'],
): void {
  const { user, host, display, version, since, handle } = record;
  const reserved = user.startsWith('G') && since === 0 && handle === 0;
  if (!reserved) {
    const entry: UserEntry = {
      kind: 'user',
      user,
      host,
      display,
      version,
      handle,
      count: 1,
      since: since * 1000,
    };
    const before = entries.at(-1);
    // A seat each: what one checkout holds comes as many times.
    const same = before?.kind === 'user' && handle !== 0 && before.handle === handle;
    if (same) entries[entries.length - 1] = { ...before, count: before.count + 1 };
    else entries.push(entry);
    return;
  }
  const name = user.slice(1);
  const last = entries.at(-1);
  if (last?.kind === 'reservation' && last.name === name) {
    entries[entries.length - 1] = { ...last, count: last.count + 1 };
  } else {
    entries.push({ kind: 'reservation', count: 1, type: 'GROUP', name });
  }
}

type FeatureLine = Extract<LicenseLine, { kind: 'feature' }>;

function licensedLine(lines: readonly LicenseLine[], name: string): FeatureLine | undefined {
  return lines.find((line) => line.kind === 'feature' && line.name === name) as
    | FeatureLine
    | undefined;
}

function usageOf(
  name: string,
  line: FeatureLine | undefined,
  status: PublicStatus | Refusal,
  users: boolean,
): FeatureUsage {
  if (isRefusal(status)) return { kind: 'error', name, refusal: status };
  const { used, total, entries } = status;
  const pool = line && used > 0 ? [poolOf(line, users ? entries : [])] : [];
  return line?.count === 0
    ? { kind: 'uncounted', name, pools: pool }
    : { kind: 'counted', name, issued: total, used, pools: pool };
}

function poolOf(line: FeatureLine, entries: readonly PoolEntry[]) {
  const { vendorString, hostids } = line.attributes;
  return {
    name: line.name,
    version: line.version,
    vendor: line.vendor,
    expiry: line.expiry.kind === 'permanent' ? 'permanent' : line.expiry.text,
    ...(vendorString === undefined ? {} : { vendorString }),
    lock: lockOf(line.count, hostids ?? []),
    entries,
  };
}

/** How a license line binds its seats to hosts, as lmstat tells it. */
export function lockOf(count: number, hostids: readonly string[]): PoolLock {
  if (hostids.length === 0) return { kind: 'floating' };
  const hostid = hostids.join(' ');
  return { kind: count === 0 ? 'uncountedNodelocked' : 'nodelocked', hostid };
}
