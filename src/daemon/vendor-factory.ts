import { hostname } from 'node:os';
import { type Clock, type EpochMs, isMovable, systemClock } from '../base/clock.ts';
import { type VendorPolicy, vendorPolicy } from '../domain/vendors/index.ts';
import { adminRightsOf } from './admin-rights.ts';
import { type Catalog, readCatalog, type VendorEntry } from './catalog.ts';
import { refuseSource } from './config-conflicts.ts';
import type { DaemonLog } from './daemon-log.ts';
import type { SiteFaults } from './faults/site-faults.ts';
import type { Journal } from './journal.ts';
import { licensePaths } from './license-text.ts';
import type { LogFiles } from './log-files.ts';
import { OptionFiles } from './option-files.ts';
import type { Notice, ServerConfig } from './server-config.ts';
import { LMREMOVE_AGE_SECONDS_MIN, loopbackHosts } from './server-config.ts';
import { SourceWatch } from './source-watch.ts';
import type { Traffic } from './traffic.ts';
import { VendorDaemon } from './vendor-daemon.ts';
import { VendorLog } from './vendor-log.ts';
import { flexnetVersion } from './versions.ts';

/** Makes a vendor daemon of a configuration, in the manager's process or in one of its own. */
export function newVendorDaemon(
  entry: VendorEntry,
  parts: {
    readonly config: ServerConfig;
    readonly clock: Clock;
    readonly catalog: Catalog;
    readonly journal: Journal;
    readonly traffic: Traffic;
    readonly faults: SiteFaults;
    readonly log: DaemonLog;
    readonly logs: LogFiles;
    readonly notice: Notice;
    /** Its clock is one that is moved; absent: as the configuration's is. */
    readonly assumesHeartbeats?: boolean;
    readonly restarts: number;
    readonly port: number | undefined;
    /** False while it must not grant although it runs: its manager is a master that was cut off. */
    readonly mayGrant?: (() => boolean) | undefined;
  },
): VendorDaemon {
  const { config, clock, catalog, journal, traffic, faults, log, logs, notice, restarts, port } =
    parts;
  const server = catalog.servers[config.triad?.member ?? 0];
  const { licenses, options = {} } = config;
  const sources = new SourceWatch({ licenses, options, vendor: entry.name });
  const { text: version, build } = flexnetVersion;
  return new VendorDaemon({
    entry,
    policy: policyOf(entry, config),
    clock,
    journal,
    traffic,
    faults,
    notice,
    ...(config.timeZone === undefined ? {} : { timeZone: config.timeZone }),
    ...(config.connectionsMax === undefined ? {} : { connectionsMax: config.connectionsMax }),
    ...(config.advertise === undefined ? {} : { advertisedHost: config.advertise.host }),
    ...(port === undefined ? {} : { port }),
    serverHosts: [...catalog.servers.map(({ host }) => host), hostname()],
    lmremoveAgeSecondsMin: config.lmremoveAgeSecondsMin ?? LMREMOVE_AGE_SECONDS_MIN,
    hosts: config.singlePort ? [] : (config.hosts ?? loopbackHosts),
    legacy: config.protocol === 'legacy',
    ...(parts.mayGrant === undefined ? {} : { mayGrant: parts.mayGrant }),
    rights: adminRightsOf(config),
    readAgain: () =>
      sources.hasChanged()
        ? readCatalogOf(config, clock.now()).vendors.find(({ name }) => name === entry.name)
        : undefined,
    assumesHeartbeats: parts.assumesHeartbeats ?? isMovable(config.clock ?? systemClock),
    ...(config.stateFolder === undefined ? {} : { stateFolder: config.stateFolder }),
    files: new OptionFiles({
      ...{ vendor: entry.name, log, files: logs, clock, notice, folder: config.folder ?? '' },
      refuse: (path, what) => refuseSource(path, catalog, what),
    }),
    log: new VendorLog({
      vendor: entry.name,
      log,
      clock,
      release: { version, build, platform: 'x64_lsb' },
      pid: process.pid,
      serverHost: server?.host ?? 'this_host',
      serverHostids: server?.hostids ?? ['ANY'],
      licenseFiles: licensePaths(catalog),
      restarts,
      verbose: config.verboseLog ?? false,
    }),
  });
}

function policyOf({ name }: VendorEntry, { freePorts }: ServerConfig): VendorPolicy {
  const { defaultPort, ...policy } = vendorPolicy(name);
  return freePorts || defaultPort === undefined ? policy : { ...policy, defaultPort };
}

/** Reads the license and options files a configuration names. Throws as `readCatalog` does. */
export function readCatalogOf(config: ServerConfig, now: EpochMs): Catalog {
  const catalog = catalogOf(config, now);
  if (!config.freePorts) return catalog;
  return { ...catalog, vendors: catalog.vendors.map(({ port: _fixed, ...entry }) => entry) };
}

function catalogOf(config: ServerConfig, now: EpochMs): Catalog {
  return readCatalog({
    licenses: config.licenses,
    options: config.options ?? {},
    lenient: config.lenient ?? false,
    now,
    ...(config.timeZone === undefined ? {} : { timeZone: config.timeZone }),
  });
}
