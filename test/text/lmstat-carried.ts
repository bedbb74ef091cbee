import type { Refusal } from '../../src/base/refusal.ts';
import type { LmstatOptions } from '../../src/text/lmstat.ts';
import { type Dialect, defaultDialect, dialectOf } from '../../src/text/lmstat-dialect.ts';
import type {
  FeatureUsage,
  HostStatus,
  LmstatReport,
  LmstatSection,
  PoolEntry,
  PoolLock,
  PoolUsage,
  ServerAddress,
  UserEntry,
  VendorStatus,
} from '../../src/text/lmstat-report.ts';
import { printable } from '../../src/text/wording.ts';

/**
 * What of a report a dialect's text carries, in the parser's shape: the other side of
 * parse(render(report)) = carried(report). What it lacks is what no reader could find:
 *
 * - control characters in names (printed as `?`), blanks before a user's name or behind a project, and a
 *   project of nothing but blanks;
 * - the seconds of a start without -asec, and its year if it is more than four years back;
 * - the project without -proj, the pid without a PID column, what remains of an old linger, that a linger is
 *   a borrow, an expiry where it is not shown, a blank in No Magic's vendor strings;
 * - the words of an error: its numbers and the system's words are compared.
 */
export function carried(report: LmstatReport, options: LmstatOptions): object {
  const windows = options.windows ?? (options.dialect ?? defaultDialect).windows;
  return {
    ...{ program: report.program, at: localIso(report.at, false), windows },
    servers: report.sections.map((section) => carriedSection(section, options)),
    ...{ unexplained: [], unexplainedCount: 0 },
  };
}

/** `2026-03-09T08:49`, by the clock on the wall here. */
export function localIso(at: number, seconds: boolean): string {
  const date = new Date(at);
  const two = (value: number): string => `${value}`.padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return `${day}T${time}${seconds ? `:${two(date.getSeconds())}` : ''}`;
}

function carriedSection(section: LmstatSection, options: LmstatOptions): object {
  const empty = { spec: '', addresses: [], hosts: [], vendors: [] };
  if (section.kind === 'failure') {
    const { address, step, refusal } = section;
    const failure = { step, error: carriedError(refusal) };
    return { ...empty, ...(address ? carriedAddress(address) : {}), failure };
  }
  const { doublesHosts } = options.dialect ?? defaultDialect;
  return {
    ...carriedAddress(section.address),
    hosts: section.hosts.flatMap((host) => carriedHosts(host, doublesHosts)),
    masterHost: printable(section.masterHost),
    vendors: section.vendors.map((vendor) => carriedVendor(vendor, options)),
  };
}

function carriedAddress({ spec, licenseFiles }: ServerAddress): object {
  const addresses = spec.split(',').map((element) => {
    const [port, host] = element.split('@');
    return { host: printable(host!), port: Number(port) };
  });
  return {
    ...{ spec: printable(spec), addresses },
    ...(licenseFiles && {
      licenseFiles: {
        host: printable(licenseFiles.host),
        paths: licenseFiles.paths.map(printable),
      },
    }),
  };
}

function carriedHosts(host: HostStatus, doubled: boolean): readonly object[] {
  const name = printable(host.name);
  switch (host.state) {
    case 'unreachable':
      return [{ name, state: 'unreachable', master: false, error: carriedError(host.refusal) }];
    case 'down':
      return [{ name, state: 'down', master: false }];
    case 'up': {
      const { master, version } = host;
      const first = { name, state: 'up', master, version: printable(version) };
      const small = printable(host.name.toLowerCase());
      const again = doubled && host.name !== host.name.toLowerCase();
      return again ? [first, { ...first, name: small, master: false }] : [first];
    }
  }
}

function carriedError({ major, minor, sys, sysText }: Refusal): object {
  return {
    ...{ major, minor, ...(sys === undefined ? {} : { sys }) },
    ...(sysText ? { sysText: printable(sysText) } : {}),
  };
}

function carriedVendor(vendor: VendorStatus, options: LmstatOptions): object {
  const { state } = vendor;
  const own = options.dialect ? undefined : dialectOf(vendor.dialect ?? '');
  const dialect = options.dialect ?? own ?? defaultDialect;
  const at = { dialect, options, server: vendor.server };
  return {
    ...{ name: printable(vendor.name), state: state.kind },
    ...(state.kind === 'up' ? { version: printable(state.version) } : {}),
    ...(state.kind === 'down' ? { error: carriedError(state.refusal) } : {}),
    features: Array.from(vendor.features, (feature) => carriedFeature(feature, at)),
  };
}

interface At {
  readonly dialect: Dialect;
  readonly options: LmstatOptions;
  readonly server: VendorStatus['server'];
}

function carriedFeature(feature: FeatureUsage, at: At): object {
  const { kind } = feature;
  const name = printable(feature.name);
  if (kind === 'unsupported') return { kind, name, issued: feature.issued, pools: [] };
  if (kind === 'error') return { kind, name, error: carriedError(feature.refusal), pools: [] };
  const totals = kind === 'counted' ? { issued: feature.issued, used: feature.used } : {};
  return { kind, name, ...totals, pools: feature.pools.map((pool) => carriedPool(pool, at)) };
}

function carriedPool(pool: PoolUsage, at: At): object {
  const { dialect } = at;
  const entries = [...pool.entries];
  const of = (kind: PoolEntry['kind']): readonly object[] =>
    entries.filter((entry) => entry.kind === kind).map((entry) => carriedEntry(entry, at));
  return {
    ...{ name: printable(pool.name), version: printable(pool.version) },
    vendor: printable(pool.vendor),
    ...(dialect.showsExpiry && pool.expiry ? { expiry: carriedExpiry(pool.expiry, dialect) } : {}),
    ...(pool.vendorString === undefined
      ? {}
      : { vendorString: printable(pool.vendorString).replaceAll(' ', dialect.vendorStringBlank) }),
    lock: carriedLock(pool.lock),
    ...{ users: of('user'), queued: of('queued'), reservations: of('reservation') },
  };
}

export function carriedExpiry(expiry: string, dialect: Dialect): object {
  if (expiry === 'permanent') return { text: dialect.permanentText, never: true };
  const [day = '', month = '', year = ''] = expiry.split('-');
  if (Number(year) === 0) return { text: expiry, never: true };
  const number = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ').indexOf(month) + 1;
  const date = `${year}-${`${number}`.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return { text: expiry, never: false, date };
}

function carriedLock(lock: PoolLock): object {
  if (lock.kind === 'floating') return { kind: 'floating' };
  const { kind, hostid } = lock;
  return { kind, hostid: hostid.toUpperCase() === 'ANY' ? 'ANY' : printable(hostid) };
}

function carriedEntry(entry: PoolEntry, at: At): object {
  const server = { host: printable(at.server.host), port: at.server.port };
  if (entry.kind === 'reservation') {
    return { count: entry.count, type: entry.type, name: printable(entry.name), server };
  }
  const { user, host, display, checkoutData, version, handle, count } = entry;
  return {
    ...{ user: printable(user).trimStart(), host: printable(host), display: printable(display) },
    ...(checkoutData ? { checkoutData: printable(checkoutData) } : {}),
    ...{ guessed: false, version: printable(version), server, handle, count },
    ...(entry.kind === 'user' ? carriedHolding(entry, at) : {}),
  };
}

function carriedHolding(entry: UserEntry, { dialect, options }: At): object {
  const { linger, pid } = entry;
  const project = options.showProject ? printable(entry.project ?? '').trimEnd() : '';
  const { totalSeconds } = linger ?? {};
  return {
    start: localIso(entry.since, options.seconds ?? false),
    ...(linger && { linger: dialect.lingerForm === 'total' ? { totalSeconds } : linger }),
    ...(dialect.pidColumn && pid !== undefined ? { pid } : {}),
    ...(project === '' ? {} : { project }),
  };
}
