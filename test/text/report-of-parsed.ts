import type { Refusal } from '../../src/base/refusal.ts';
import type {
  ParsedClient,
  ParsedError,
  ParsedFeature,
  ParsedHost,
  ParsedLmstat,
  ParsedPlace,
  ParsedPool,
  ParsedServer,
  ParsedUser,
  ParsedVendor,
} from '../../src/text/lmstat-parser/parsed.ts';
import type {
  DaemonState,
  FeatureUsage,
  HostStatus,
  LmstatReport,
  LmstatSection,
  PoolEntry,
  PoolUsage,
  VendorStatus,
} from '../../src/text/lmstat-report.ts';

/**
 * What was read, as a report to render: rendering it again shows whether the renderer's blanks and lines are
 * those of the text it was read from.
 */
export function reportOf(parsed: ParsedLmstat): LmstatReport {
  const program = parsed.program === 'lmstat' ? 'lmstat' : 'lmutil';
  return { at: new Date(parsed.at!).getTime(), program, sections: parsed.servers.map(sectionOf) };
}

function sectionOf({ failure, ...server }: ParsedServer): LmstatSection {
  const { spec, licenseFiles, masterHost = '' } = server;
  const address = { spec, ...(licenseFiles ? { licenseFiles } : {}) };
  if (failure) {
    const { step, error } = failure;
    const named = spec === '' ? {} : { address };
    return { kind: 'failure', step, refusal: refusalOf(error), ...named };
  }
  const hosts = server.hosts.map(hostOf);
  return { kind: 'server', address, hosts, masterHost, vendors: server.vendors.map(vendorOf) };
}

function refusalOf({ major = 0, minor = 0, sys, sysText }: ParsedError): Refusal {
  const words = sysText === undefined ? {} : { sysText };
  return { major, minor, ...(sys === undefined ? {} : { sys }), ...words };
}

function hostOf({ name, state, master, version = '', error }: ParsedHost): HostStatus {
  if (state === 'up') return { name, state, master, version };
  return state === 'down' ? { name, state } : { name, state, refusal: refusalOf(error!) };
}

function vendorOf({ name, state, version = '', error, features }: ParsedVendor): VendorStatus {
  const daemon: DaemonState =
    state === 'up' ? { kind: 'up', version } : { kind: 'down', refusal: refusalOf(error!) };
  const entries = features.flatMap(({ pools }) => pools).flatMap(({ users }) => users);
  const { host = '', port = 0 }: Partial<ParsedPlace> = entries.at(-1)?.server ?? {};
  return { name, state: daemon, server: { host, port }, features: features.map(featureOf) };
}

function featureOf(feature: ParsedFeature): FeatureUsage {
  const { kind, name } = feature;
  const pools = feature.pools.map(poolOf);
  switch (kind) {
    case 'counted':
      return { kind, name, issued: feature.issued, used: feature.used, pools };
    case 'uncounted':
      return { kind, name, pools };
    case 'unsupported':
      return { kind, name, issued: feature.issued };
    case 'error':
      return { kind, name, refusal: refusalOf(feature.error) };
  }
}

function poolOf(pool: ParsedPool): PoolUsage {
  const { name, version, vendor, expiry, vendorString, lock = { kind: 'floating' } } = pool;
  const permanent = expiry?.text.startsWith('permanent') === true;
  const entries = [
    ...pool.users.map((user) => [user.line, userOf(user)] as const),
    ...pool.queued.map((queued) => {
      return [queued.line, { kind: 'queued', ...clientOf(queued) }] as const;
    }),
    ...pool.reservations.map(({ line, count, type, name: whose }) => {
      return [line, { kind: 'reservation', count, type, name: whose }] as const;
    }),
  ] as [number, PoolEntry][];
  return {
    ...{ name, version, vendor, lock },
    ...(expiry ? { expiry: permanent ? 'permanent' : expiry.text } : {}),
    ...(vendorString === undefined ? {} : { vendorString }),
    entries: entries.toSorted(([first], [second]) => first - second).map(([, entry]) => entry),
  };
}

function clientOf({ user, host, display, checkoutData, version, handle, count }: ParsedClient) {
  const data = checkoutData === undefined ? {} : { checkoutData };
  return { user, host, display, ...data, version, handle, count };
}

function userOf(user: ParsedUser): PoolEntry {
  const { linger, pid, project } = user;
  return {
    ...{ kind: 'user', ...clientOf(user), since: new Date(user.start!).getTime() },
    ...(linger ? { linger: { remainingSeconds: 0, ...linger } } : {}),
    ...(pid === undefined ? {} : { pid }),
    ...(project === undefined ? {} : { project }),
  };
}
