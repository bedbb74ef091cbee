import { KnownError } from '../base/errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { noClientLog } from '../client/client-log.ts';
import type { Dialogue } from '../client/context.ts';
import { DEFAULT_PORTS, type PathElement, type ServerAddress } from '../client/license-path.ts';
import { searchPath } from '../client/search-path.ts';
import { licensedFeatures } from '../client/status-licensed.ts';
import { isRefusal, type StatusSource } from '../client/status-source.ts';
import type { LicenseFile, LicenseLine } from '../domain/license/model.ts';
import { refusalOfFile } from '../files/file-refusals.ts';
import type { LmutilIo } from './io.ts';

/** Longest wait for a connection and for an answer, unless -t says otherwise. As FlexNet's clients. */
const TIMEOUT_MS = 10_000;

/** How the tools ask servers. */
export function askOptions(io: LmutilIo, timeoutMs = TIMEOUT_MS): Dialogue {
  const identity = io.identity();
  return { identity, log: noClientLog, connectTimeoutMs: timeoutMs, answerTimeoutMs: timeoutMs };
}

/**
 * The license path of a call: `-c`, or what the environment says.
 * @throws KnownError USAGE for an element that can be no file and no server, and for `-c` without any.
 */
export function licensePath(io: LmutilIo, explicit: string | undefined): readonly PathElement[] {
  const { env, home, platform } = io;
  const path = searchPath({
    env,
    platform,
    ...(home === undefined ? {} : { home }),
    ...(explicit === undefined ? {} : { explicit }),
  });
  if (path.length === 0) throw new KnownError('USAGE', '-c: expected a license path, got nothing');
  return path;
}

/** The license servers a path leads to, each once, and where it leads nowhere. */
export async function statusSources(path: readonly PathElement[]): Promise<StatusSource[]> {
  const sources: StatusSource[] = [];
  const byHosts = new Map<string, number>();
  for (const element of path) {
    for (const source of await sourcesOf(element)) addSource(sources, byHosts, source);
  }
  return sources;
}

/** Several files of one server are one source: their features are asked for together. */
function addSource(
  sources: StatusSource[],
  byHosts: Map<string, number>,
  source: StatusSource,
): void {
  if (source.kind === 'unusable') {
    sources.push(source);
    return;
  }
  const key = source.hosts
    .map(({ host, ports }) => `${ports}@${host}`)
    .join(',')
    .toLowerCase();
  const index = byHosts.get(key);
  const known = index === undefined ? undefined : sources[index];
  if (index === undefined || known?.kind !== 'server') {
    byHosts.set(key, sources.length);
    sources.push(source);
    return;
  }
  const licensed = [...(known.licensed ?? []), ...(source.licensed ?? [])];
  if (known.licensed || source.licensed) sources[index] = { ...known, licensed };
}

async function sourcesOf(element: PathElement): Promise<readonly StatusSource[]> {
  if (element.kind === 'servers') return [{ kind: 'server', hosts: element.addresses }];
  const files = await readFiles(element.path);
  if (isRefusal(files)) return [{ kind: 'unusable', step: 'gettingStatus', refusal: files }];
  const served = files.flatMap((file) => {
    const hosts = serverAddresses(file.lines);
    return hosts.length === 0 ? [] : [{ hosts, licensed: licensedFeatures(file.lines) }];
  });
  if (served.length === 0) {
    return [{ kind: 'unusable', step: 'reachingLmgrd', refusal: noServerLines }];
  }
  return served.map((each) => ({ kind: 'server', ...each }));
}

/** Source: lmstat outputs, `No SERVER lines in license file (-13,66)`. */
export const noServerLines: Refusal = { major: -13, minor: 66 };

/** Hosts of a triad. */
const SERVERS_MAX = 3;

/** Whom the SERVER lines name. `this_host` in a client's file is the client's own machine. */
export function serverAddresses(lines: readonly LicenseLine[]): readonly ServerAddress[] {
  return lines
    .filter((line) => line.kind === 'server')
    .slice(0, SERVERS_MAX)
    .map(({ host, port }) => ({
      host: host.toLowerCase() === 'this_host' ? 'localhost' : host,
      ports: port === undefined ? DEFAULT_PORTS : [port],
    }));
}

/** The license files of a path element, parsed; or why there are none. */
export async function readFiles(path: string): Promise<readonly LicenseFile[] | Refusal> {
  // Most calls name a server; reading files takes modules that a quick start can do without.
  const { licenseFilesOf, readSource } = await import('../files/license-sources.ts');
  const { parseLicenseFile } = await import('../domain/license/parse.ts');
  try {
    return licenseFilesOf([path]).map((file) => parseLicenseFile(readSource(file)));
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return refusalOfFile(error, { minor: 359 });
  }
}
