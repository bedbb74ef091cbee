import { sameName } from '../base/names.ts';
import type { Refusal } from '../base/refusal.ts';
import type { FeatureUsage, VendorStatus } from '../text/lmstat-report.ts';
import type { Greeted } from './greeting.ts';
import type { Endpoint } from './license-path.ts';
import type { ManagerLine } from './manager-line.ts';
import { isRefused, type Refused } from './refused.ts';
import type { DaemonUsage, ManagerFacts, UsageQuestion, VendorFacts } from './status-facts.ts';
import { isRefusal, type LicensedFeature, type StatusOptions } from './status-source.ts';

/** A manager that answered. */
export interface AnsweringManager {
  readonly line: ManagerLine;
  readonly facts: ManagerFacts;
  /** Its place as lmstat prints it. */
  readonly endpoint: Endpoint;
}

/**
 * How long all answers of one daemon may take, and those of a manager's daemons, in waits for one answer: two
 * minutes and ten unless -t says otherwise.
 */
const ANSWERS_PER_DAEMON = 12;
const ANSWERS_PER_MANAGER = 60;
const outOfTime: Refusal = { major: -52, minor: 3, sysText: 'the daemons before it took too long' };

/** lmstat's own place for a feature that no daemon knows. Source: public outputs, (-5,222). */
const NO_SUCH_FEATURE: Refusal = { major: -5, minor: 222 };

/**
 * Asks each vendor daemon of a manager, one after the other. `refusal` is set when one feature was asked for
 * and no daemon has it.
 */
export async function readVendors(
  manager: AnsweringManager,
  licensed: readonly LicensedFeature[],
  options: StatusOptions,
): Promise<{ readonly vendors: readonly VendorStatus[]; readonly refusal?: Refusal }> {
  const { feature, vendor } = options;
  const results: VendorResult[] = [];
  const endsAt = performance.now() + options.answerTimeoutMs * ANSWERS_PER_MANAGER;
  for (const facts of manager.facts.vendors) {
    if (vendor !== undefined && !sameName(facts.name, vendor)) continue;
    results.push(await readVendor(manager, facts, licensed, options, endsAt));
  }
  const vendors = results.map(({ status }) => status);
  const found = feature === undefined || results.some(({ lists }) => lists);
  const last = results.findLastIndex(({ status }) => status.state.kind === 'up');
  if (found || options.usage === 'none' || last < 0) return { vendors };
  const missing: FeatureUsage = { kind: 'error', name: feature, refusal: NO_SUCH_FEATURE };
  vendors[last] = { ...vendors[last]!, features: [missing] };
  return { vendors, refusal: NO_SUCH_FEATURE };
}

interface VendorResult {
  readonly status: VendorStatus;
  /** It has at least one feature to tell of. */
  readonly lists: boolean;
}

async function readVendor(
  manager: AnsweringManager,
  facts: VendorFacts,
  licensed: readonly LicensedFeature[],
  options: StatusOptions,
  endsAt: number,
): Promise<VendorResult> {
  const { name } = facts;
  const server = manager.endpoint;
  const ofVendor = licensed.filter((each) => sameName(each.vendor, name));
  const up = (version: string, features: Iterable<FeatureUsage> = []): VendorStatus => {
    return { name, state: { kind: 'up', version }, server, features };
  };
  if (facts.down) return downResult(manager, name, facts.down, ofVendor, options);
  if (options.usage === 'none' && facts.version !== undefined) {
    return { status: up(facts.version), lists: false };
  }
  if (performance.now() > endsAt) return downResult(manager, name, outOfTime, ofVendor, options);
  const daemonEndsAt = performance.now() + options.answerTimeoutMs * ANSWERS_PER_DAEMON;
  const reopen = () => openDaemon(manager, name, daemonEndsAt);
  const daemon = await reopen();
  if (isRefused(daemon)) return downResult(manager, name, daemon.refusal, ofVendor, options);
  try {
    const version = facts.version ?? `${daemon.versionMajor}.${daemon.versionMinor}`;
    if (options.usage === 'none') return { status: up(version), lists: false };
    const usage = await readUsage(daemon, manager.facts, options, reopen);
    if (isRefusal(usage)) return downResult(manager, name, usage, ofVendor, options);
    const unserved = unservedOf(ofVendor, options.feature);
    const features = withUnserved(usage.features, unserved);
    const { dialect } = usage;
    const status = { ...up(version, features), ...(dialect === undefined ? {} : { dialect }) };
    return { status, lists: !usage.empty || unserved.size > 0 };
  } finally {
    daemon.connection.close();
  }
}

async function readUsage(
  daemon: Greeted,
  facts: ManagerFacts,
  { feature, usage }: StatusOptions,
  reopen: () => Promise<Greeted | Refused>,
): Promise<DaemonUsage | Refusal> {
  const users = usage === 'users';
  const question: UsageQuestion = { users, ...(feature === undefined ? {} : { feature }) };
  if (daemon.own) return (await import('./status-own.ts')).readOwnUsage(daemon, question);
  const { readPublicUsage } = await import('./status-public.ts');
  return readPublicUsage(daemon, facts.lines ?? [], question, reopen);
}

/** A daemon that has greeted us, over a connection that ends by a time. */
async function openDaemon({ line }: AnsweringManager, name: string, endsAt: number) {
  const daemon = await line.daemon(name);
  if (!isRefused(daemon)) daemon.connection.limit(endsAt);
  return daemon;
}

interface Unserved {
  readonly name: string;
  readonly issued: number;
}

/** Counted features of the license file at hand, its lines added up, by name in lower case. */
function unservedOf(
  licensed: readonly LicensedFeature[],
  feature: string | undefined,
): Map<string, Unserved> {
  const unserved = new Map<string, Unserved>();
  for (const { name, count } of licensed) {
    if (count === 0 || (feature !== undefined && !sameName(name, feature))) continue;
    const issued = (unserved.get(name.toLowerCase())?.issued ?? 0) + count;
    unserved.set(name.toLowerCase(), { name, issued });
  }
  return unserved;
}

/**
 * What the file names and the daemon does not serve is told as unsupported, behind what it serves.
 * Source: public outputs, `(Error: 21 licenses, unsupported by licensed server)`.
 */
function* withUnserved(
  features: Iterable<FeatureUsage>,
  unserved: Map<string, Unserved>,
): Generator<FeatureUsage> {
  for (const each of features) {
    unserved.delete(each.name.toLowerCase());
    yield each;
  }
  for (const each of unserved.values()) yield { kind: 'unsupported', ...each };
}

/** A daemon that cannot be asked: what it should serve is known from the license text only. */
async function downResult(
  manager: AnsweringManager,
  name: string,
  refusal: Refusal,
  licensed: readonly LicensedFeature[],
  options: StatusOptions,
): Promise<VendorResult> {
  const { endpoint: server } = manager;
  const wanted = options.usage === 'none' ? [] : await namesOf(manager, name, licensed, options);
  const features = wanted
    .filter((each) => options.feature === undefined || sameName(each, options.feature))
    .map((each): FeatureUsage => ({ kind: 'error', name: each, refusal }));
  return {
    status: { name, state: { kind: 'down', refusal }, server, features },
    lists: features.length > 0,
  };
}

/** The vendor's features, by the file at hand or by the text the manager hands out. */
async function namesOf(
  { line, facts }: AnsweringManager,
  vendor: string,
  licensed: readonly LicensedFeature[],
  options: StatusOptions,
): Promise<readonly string[]> {
  if (licensed.length > 0) return [...new Set(licensed.map(({ name }) => name))];
  const lines = facts.lines ?? (await linesOf(line, options));
  if (lines === undefined) return [];
  const { licensedFeatures } = await import('./status-licensed.ts');
  const names = licensedFeatures(lines).filter((each) => sameName(each.vendor, vendor));
  return [...new Set(names.map(({ name }) => name))];
}

async function linesOf(line: ManagerLine, options: StatusOptions) {
  const manager = await line.manager();
  if (isRefused(manager)) return undefined;
  const { readLicenseText } = await import('./public-commands.ts');
  const text = await readLicenseText(manager, options);
  return isRefused(text) ? undefined : text.lines;
}
