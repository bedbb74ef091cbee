import { KnownError } from '../base/errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { renderHostids } from '../text/lmutil-verbs.ts';
import type { FlagTable, FlagValues } from './flags.ts';
import type { LmutilIo } from './io.ts';
import { subcommand } from './subcommand.ts';

/** Source: LAG, "lmhostid". */
const flags = {
  ether: { takes: 'nothing', summary: 'Ethernet addresses (also without any flag)' },
  internet: { takes: 'perhaps', value: 'v4|v6', summary: 'addresses of this machine' },
  user: { takes: 'nothing', summary: 'the user' },
  display: { takes: 'nothing', summary: 'the display' },
  hostname: { takes: 'nothing', summary: 'the host name' },
  hostdomain: { takes: 'nothing', summary: 'the host name with its domain' },
  long: { takes: 'nothing', summary: 'the 32-bit host id' },
  string: { takes: 'nothing', summary: 'the ID string' },
  vsn: { takes: 'nothing', summary: "the disk's serial number (Windows)" },
  flexid: { takes: 'nothing', summary: 'dongles' },
  container_id: { takes: 'nothing', summary: 'the id of the container this runs in' },
  ptype: { takes: 'value', value: 'type', summary: 'only on this kind of platform: PHY, VMW ...' },
  n: { takes: 'nothing', summary: 'print the value alone' },
  utf8: { takes: 'nothing', summary: 'accepted: output always is UTF-8' },
} as const satisfies FlagTable;

type Flags = FlagValues<typeof flags>;

/** What a kind of id is on this machine, and the error where there is none. */
interface Kind {
  readonly read: (io: LmutilIo, value: string | true) => readonly string[];
  readonly none?: Refusal;
}

/** Fields of a hostid as license lines write them. Source: LAG, "Special Hostids"; License file, "Host ids". */
const kinds: Readonly<Partial<Record<keyof Flags, Kind>>> = {
  internet: { read: internetAddresses },
  user: { read: (io) => [`USER=${io.identity().user}`] },
  display: { read: (io) => [`DISPLAY=${io.identity().display}`] },
  hostname: { read: (io) => [`HOSTNAME=${shortName(io.identity().host)}`] },
  hostdomain: { read: (io) => [`HOSTDOMAIN=${io.identity().host}`] },
  long: { read: (io) => [longHostid(io)] },
  // A vendor's program sets this one; there is none to ask.
  string: { read: () => [] },
  vsn: { read: () => [] },
  flexid: { read: () => [], none: { major: -110, minor: 1 } },
  container_id: { read: containerIds },
};

const ether: Kind = {
  read: (io) => io.identity().hostids.map((hostid) => hostid.toLowerCase()),
  none: { major: -29, minor: 1 },
};

export const lmhostid = subcommand({
  name: 'lmhostid',
  operands: [],
  flags,
  async run(given, _operands, { io, program, dialect }) {
    const names = Object.keys(kinds) as (keyof Flags)[];
    const chosen = names.filter((name) => given[name] !== undefined);
    if (chosen.length > 1) {
      const text = `expected one kind of id, got -${chosen.join(' and -')}`;
      throw new KnownError('USAGE', text);
    }
    const [name] = chosen;
    const kind = (name && kinds[name]) ?? ether;
    // Only a physical machine's ids are known here; a double emulates no hypervisor.
    const elsewhere = given.ptype !== undefined && given.ptype.toUpperCase() !== 'PHY';
    const hostids = elsewhere ? [] : kind.read(io, (name && given[name]) ?? true);
    await io.print(renderHostids(program, hostids, { bare: given.n ?? false, dialect }));
    return hostids.length === 0 && !elsewhere ? kind.none : undefined;
  },
});

function internetAddresses(io: LmutilIo, value: string | true): readonly string[] {
  const families = { v4: 'IPv4', v6: 'IPv6' } as const;
  if (value !== true && !Object.hasOwn(families, value)) {
    throw new KnownError('USAGE', `-internet: expected v4 or v6, got ${value}`);
  }
  const family = families[value === true ? 'v4' : (value as keyof typeof families)];
  const keyword = family === 'IPv4' ? 'INTERNET' : 'INTERNET6';
  return Object.values(io.interfaces())
    .flatMap((each) => each ?? [])
    .filter((each) => each.family === family && !each.internal)
    .map(({ address }) => `${keyword}=${address}`);
}

function shortName(host: string): string {
  return host.split('.', 1)[0] ?? host;
}

/** Four bytes of /etc/hostid, or made of the machine's first IPv4 address as the C library makes it. */
function longHostid(io: LmutilIo): string {
  const stored = io.systemFile('/etc/hostid');
  const bytes =
    stored && stored.length >= 4 ? Buffer.from(stored, 'latin1').subarray(0, 4) : undefined;
  const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
  if (bytes) return hex(bytes.readUInt32LE(0));
  const [first = 'INTERNET=127.0.0.1'] = internetAddresses(io, 'v4');
  const octets = Buffer.from(first.slice('INTERNET='.length).split('.').map(Number));
  const address = octets.readUInt32LE(0);
  return hex((address << 16) | (address >>> 16));
}

/** The long id that container engines put into the paths a process sees of itself. */
function containerIds(io: LmutilIo): readonly string[] {
  for (const path of ['/proc/self/cgroup', '/proc/self/mountinfo']) {
    const id = /(?:docker|containers?|libpod|kubepods)\S*?([0-9a-f]{64})/.exec(
      io.systemFile(path) ?? '',
    )?.[1];
    if (id) return [`CONTAINER_ID=${id}`];
  }
  return [];
}
