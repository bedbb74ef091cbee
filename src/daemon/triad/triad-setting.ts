import { hostname, networkInterfaces } from 'node:os';
import { KnownError } from '../../base/errors.ts';
import type { ServerLine } from '../../domain/license/model.ts';
import { type MemberLine, TRIAD_MEMBERS } from '../../domain/triad/order.ts';
import type { Catalog } from '../catalog.ts';
import type { ServerConfig } from '../server-config.ts';
import { placeOf } from './partition.ts';
import type { TriadSetting } from './setting.ts';

/**
 * The configuration with what its wish means for these files. Without one, and without three SERVER lines unless a
 * member was named, it is a single server's.
 * @throws KnownError USAGE for a member that is none
 */
export function asMember(config: ServerConfig, { servers }: Catalog): ServerConfig {
  const { triadWish: wish, triad } = config;
  if (wish === undefined || triad !== undefined) return config;
  const { member: name, hosts, connectMs } = wish;
  if (servers.length !== TRIAD_MEMBERS && name === undefined) return config;
  const member = memberNamed(servers, name);
  if (hosts !== undefined && hosts.length !== TRIAD_MEMBERS) {
    const text = `expected three hosts, one for each SERVER line, got ${hosts.length}`;
    throw new KnownError('USAGE', text);
  }
  const addresses = hosts?.map((host, place) => ({ host, port: servers[place]?.port ?? 0 }));
  const found: TriadSetting = {
    member,
    ...(addresses === undefined ? {} : { addresses }),
    ...(connectMs === undefined ? {} : { connectMs }),
  };
  return { ...config, triad: found };
}

/**
 * The SERVER line of three that `name` means: its host, its place from 1, or its `host:port`; without a name the line
 * whose host this machine is.
 * @throws KnownError USAGE
 */
export function memberNamed(lines: readonly ServerLine[], name: string | undefined): number {
  const own = new Set([hostname(), ...Object.values(networkInterfaces()).flatMap(addressesOf)]);
  const found = [...lines.keys()].filter((index) =>
    name === undefined ? isHere(lines[index]!, own) : placeOf(name, memberLines(lines)) === index,
  );
  if (found.length === 1) return found[0]!;
  const names = lines.map(({ host, port }) => `${host}:${port}`).join(', ');
  const got =
    name ??
    `this machine, ${hostname()}, which is ${found.length === 0 ? 'none' : 'several'} of them`;
  const text =
    `--triad-member: expected one of the SERVER lines ${names} by its host, host:port or place (1, 2, 3), ` +
    `got ${got}; fauxlm triad starts all three on one machine, --triad-member none serves as a single server`;
  throw new KnownError('USAGE', text);
}

function addressesOf(list: ReturnType<typeof networkInterfaces>[string]): readonly string[] {
  return (list ?? []).map(({ address }) => address);
}

/** Lint has seen to it that each has a port. */
export function memberLines(lines: readonly ServerLine[]): readonly MemberLine[] {
  return lines.map(({ host, port = 0 }) => ({ host, port }));
}

/** With or without the domain, as hosts are called. */
function isHere({ host }: ServerLine, own: ReadonlySet<string>): boolean {
  const names = [...own].map((name) => name.toLowerCase());
  const key = host.toLowerCase();
  return (
    key === 'localhost' || names.includes(key) || names.some((name) => short(name) === short(key))
  );
}

/** Of a name; an address stays whole. */
function short(host: string): string {
  return /^[\d.:]+$/.test(host) ? host : host.split('.')[0]!;
}
