import type { LicenseView } from './catalog.ts';
import type { LintRule, Spot } from './model.ts';
import { firstWord, spot, wordOf } from './places.ts';

/** Rules about SERVER lines: how many, how they fit together, and what stands in them. */
export const serverRules: readonly LintRule[] = [
  {
    id: 'two-servers',
    severity: 'error',
    summary: 'a license file names two servers',
    why:
      'A license file has one SERVER line, or three that form a triad. Two servers cannot ' +
      'outvote each other, so there is no such thing: the license manager does not start.',
    fix:
      'For one server delete a SERVER line. For two independent servers give each its own ' +
      'license file and list both in the license path. For redundancy use three SERVER lines.',
    source: 'LAG, "SERVER Lines"; "Three-Server Redundancy"',
    stopsServer: true,
    *license({ file, servers }) {
      if (servers.length !== 2) return;
      const message =
        'expected one SERVER line or three, ' +
        `got two: ${servers[0]!.host} and ${servers[1]!.host}`;
      yield spot(file, firstWord(file, servers[1]!), message);
    },
  },
  {
    id: 'too-many-servers',
    severity: 'error',
    summary: 'a license file names more than three servers',
    why:
      'A license file has one SERVER line, or three that form a triad; there are no larger ' +
      'groups of servers.',
    fix:
      'Keep one SERVER line, or the three of the triad. Give other servers their own license ' +
      'files.',
    source: 'LAG, "SERVER Lines"',
    stopsServer: true,
    *license({ file, servers }) {
      if (servers.length <= 3) return;
      const message = `expected one SERVER line or three, got ${servers.length}`;
      yield spot(file, firstWord(file, servers[3]!), message);
    },
  },
  {
    id: 'empty-license',
    severity: 'error',
    summary: 'no line of a license in any file',
    why:
      'Files without SERVER, VENDOR and feature lines give nobody a license, and a license ' +
      'manager has no daemon to start. Most are empty, or another file took their place.',
    fix: 'Take the license file that the vendor sent.',
    source: 'LAG, "License File Format"',
    stopsServer: true,
    *license({ file }, { licenses }) {
      if (licenses[0]?.file !== file || !licenses.every(isEmpty)) return;
      const message = 'expected SERVER, VENDOR and feature lines, got none';
      yield spot(file, { line: 1, column: 1 }, message);
    },
  },
  {
    id: 'server-address',
    severity: 'error',
    summary: 'a SERVER line names an address in a form of another place',
    why:
      'A SERVER line has the host, its id and its port as three words. port@host belongs in a ' +
      'license path; host:port belongs nowhere in FlexNet. The name cannot be resolved as it ' +
      'stands.',
    fix: 'Write: SERVER host hostid port',
    flexnetCode: -14,
    source: 'LAG, "SERVER Lines"',
    *license({ file, servers }) {
      for (const server of servers) {
        if (!isMisplacedAddress(server.host)) continue;
        const message = `expected a host name or an IP address, got ${server.host}`;
        const fix = addressFix(server.host, server.hostids[0] ?? 'hostid');
        yield spot(file, wordOf(file, server, server.host, 1), message, fix);
      }
    },
  },
  {
    id: 'hostid-form',
    severity: 'warning',
    summary: 'a host id of no known form',
    why:
      'Host ids are compared as text, without separators in an Ethernet address. One in another ' +
      'form matches no machine, and the daemon answers that the license is for another host.',
    fix:
      'Write what lmhostid prints: 12 hex digits without separators, 8 hex digits, # and a ' +
      'number, ANY, or KIND=value.',
    flexnetCode: -9,
    source: 'LAG, "Hostids for Supported Platforms"; End User Guide v10, App. A',
    *license({ file, servers, features }) {
      for (const line of servers) yield* strangeHostids(line.hostids, file, line);
      for (const line of features) yield* strangeHostids(line.attributes.hostids ?? [], file, line);
    },
  },
  {
    id: 'server-after-feature',
    severity: 'warning',
    summary: 'a SERVER line stands after features',
    why:
      'License files read SERVER, VENDOR, then features. Some readers take the first lines only, ' +
      'and a server added at the end is usually one that was pasted in.',
    fix: 'Move the SERVER line to the top of the file.',
    source: 'LAG, "License File Format"; unverified: no guide calls the order fatal',
    *license({ file, servers, features }) {
      const first = features[0];
      const late = first && servers.find((server) => server.line > first.line);
      if (!late) return;
      const message = `expected SERVER before the first feature, got it after line ${first.line}`;
      yield spot(file, firstWord(file, late), message);
    },
  },
];

function isEmpty(view: LicenseView): boolean {
  const { servers, vendors, useServers, features, packages, upgrades } = view;
  return [servers, vendors, useServers, features, packages, upgrades].every(
    (lines) => lines.length === 0,
  );
}

/** `27000@host`, `host:27000`, `a:b:c` and `a,b,c`; an IPv6 address has `::` or seven colons. */
function isMisplacedAddress(host: string): boolean {
  if (/[@,;]/.test(host)) return true;
  const colons = host.split(':').length - 1;
  return colons > 0 && colons < 7 && !host.includes('::');
}

/** The SERVER line or lines that such an address was probably meant to be. */
function addressFix(address: string, hostid: string): string | undefined {
  const [, port, host] = /^(\d*)@([^@:;,]+)$/.exec(address) ?? [];
  if (host !== undefined) return `Write: SERVER ${host} ${hostid}${port ? ` ${port}` : ''}`;
  const [, name, number] = /^([^@:;,]+):(\d+)$/.exec(address) ?? [];
  if (name !== undefined) return `Write: SERVER ${name} ${hostid} ${number}`;
  const members = address.split(/[:;,]/);
  return members.length > 1 ? `Write a SERVER line for each of ${members.join(' ')}.` : undefined;
}

const hostidForm = /^(?:[0-9a-f]{6,}|#\d+|ANY|DEMO|[A-Z][A-Z0-9_]*=.+)$/i;

function* strangeHostids(
  hostids: readonly string[],
  file: LicenseView['file'],
  line: Parameters<typeof wordOf>[1],
): Iterable<Spot> {
  const hostid = hostids.find((each) => !hostidForm.test(each));
  if (hostid === undefined) return;
  const bare = hostid.replace(/[:.-]/g, '');
  const fix = /^[0-9a-f]{12}$/i.test(bare) ? `Write it without separators: ${bare}` : undefined;
  yield spot(file, wordOf(file, line, hostid, 2), `expected a host id, got ${hostid}`, fix);
}
