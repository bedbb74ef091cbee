import type { ServerLine } from '../license/model.ts';
import type { LicenseView } from './catalog.ts';
import type { LintRule, Spot } from './model.ts';
import { attributePlace, firstWord, spot, wordOf } from './places.ts';

/** Guides disagree: 0 to 30 (knowledge base), 0 to 120 (LAG). What both allow is safe. */
const HEARTBEAT_SECONDS_SAFE = 30;

/** Rules about the three SERVER lines of a triad, and about what only a triad has. */
export const triadRules: readonly LintRule[] = [
  {
    id: 'triad-port-missing',
    severity: 'error',
    summary: 'a server of a triad has no port',
    why:
      'Only a single server may leave out its port and take the first free one of 27000 to ' +
      '27009. The members of a triad look for each other at fixed ports.',
    fix: 'Write a port as the fourth word of each of the three SERVER lines.',
    source: 'LAG, "SERVER Lines"',
    stopsServer: true,
    license: forTriads(function* (server, { file }) {
      if (server.port !== undefined) return;
      yield spot(file, firstWord(file, server), `expected a port for ${server.host}, got none`);
    }),
  },
  {
    id: 'triad-same-host',
    severity: 'error',
    summary: 'two servers of a triad are the same',
    why:
      'Two members of a triad cannot listen at one port of one machine, and a machine that votes ' +
      'twice is no redundancy.',
    fix: 'Name three different machines.',
    source: 'LAG, "Three-Server Redundancy"',
    license: forTriads(function* (server, { file, servers }) {
      const twin = earlierTwin(servers, server, (s) => `${s.host.toLowerCase()} ${s.port}`);
      if (!twin) return;
      const message =
        'expected three servers, ' + `got ${server.host} on line ${twin.line} and again here`;
      yield spot(file, wordOf(file, server, server.host, 1), message);
    }),
  },
  {
    id: 'triad-one-machine',
    severity: 'warning',
    summary: 'two servers of a triad are one machine',
    why:
      'A machine that goes down takes two of the three votes with it, and the third has no ' +
      'quorum: such a triad is less reliable than a single server.',
    fix: 'Name three different machines.',
    source: 'LAG, "Three-Server Redundancy"',
    license: forTriads(function* (server, { file, servers }) {
      // A triad on loopback is meant as a test of one.
      if (/^(?:localhost|127\..*|::1)$/i.test(server.host)) return;
      const twin = earlierTwin(servers, server, (s) => s.host.toLowerCase());
      if (!twin || twin.port === server.port || /^this_host$/i.test(server.host)) return;
      const message = `expected another machine than on line ${twin.line}, got ${server.host} again`;
      yield spot(file, wordOf(file, server, server.host, 1), message);
    }),
  },
  {
    id: 'triad-same-hostid',
    severity: 'warning',
    summary: 'two servers of a triad have the same host id',
    why:
      'Each machine of a triad has its own host id, and all three are part of every signature. ' +
      'The same id twice is usually a line that was copied and not edited.',
    fix:
      'Write what lmhostid prints on that machine. If the file came from the vendor, have it ' +
      'issued again.',
    source: 'LAG, "SERVER Lines"',
    license: forTriads(function* (server, { file, servers }) {
      const hostid = server.hostids[0];
      if (hostid === undefined || /^any$/i.test(hostid)) return;
      const twin = earlierTwin(servers, server, (s) => s.hostids[0]?.toLowerCase() ?? '');
      if (!twin) return;
      const message =
        `expected a host id of its own for ${server.host}, ` + `got that of line ${twin.line}`;
      yield spot(file, wordOf(file, server, hostid, 2), message);
    }),
  },
  {
    id: 'triad-this-host',
    severity: 'error',
    summary: 'this_host in a triad',
    why:
      'this_host stands for the machine a program runs on. In a triad it would name another ' +
      'machine in each of the three copies of the file, and the members would never find each ' +
      'other.',
    fix: 'Write the name or address of the machine.',
    source: 'LAG, "SERVER Lines"',
    stopsServer: true,
    license: forTriads(function* (server, { file }) {
      if (!/^this_host$/i.test(server.host)) return;
      const message = 'expected the name of a machine, got this_host';
      yield spot(file, wordOf(file, server, server.host, 1), message);
    }),
  },
  {
    id: 'primary-not-first',
    severity: 'warning',
    summary: 'PRIMARY_IS_MASTER is not on the first SERVER line',
    why:
      'The first SERVER line is the primary. On another line the word changes nothing: a ' +
      'secondary that took over stays master.',
    fix: 'Move PRIMARY_IS_MASTER to the first SERVER line.',
    source: 'LAG, "SERVER Lines"',
    license: forTriads(function* (server, { file, servers }) {
      if (!server.primaryIsMaster || server === servers[0]) return;
      const message =
        `expected PRIMARY_IS_MASTER on line ${servers[0]!.line}, ` +
        `got it on server ${server.host}`;
      yield spot(file, attributePlace(file, server, 'PRIMARY_IS_MASTER'), message);
    }),
  },
  {
    id: 'heartbeat-not-first',
    severity: 'info',
    summary: 'HEARTBEAT_INTERVAL is not on the first SERVER line',
    why: 'The interval is one setting of the whole triad and is read from the first SERVER line.',
    fix: 'Move HEARTBEAT_INTERVAL to the first SERVER line.',
    source: 'LAG, "SERVER Lines"',
    license: forTriads(function* (server, { file, servers }) {
      if (server.heartbeatIntervalSeconds === undefined || server === servers[0]) return;
      const message =
        `expected HEARTBEAT_INTERVAL on line ${servers[0]!.line}, ` +
        `got it on server ${server.host}`;
      yield spot(file, attributePlace(file, server, 'HEARTBEAT_INTERVAL'), message);
    }),
  },
  {
    id: 'heartbeat-range',
    severity: 'warning',
    summary: 'HEARTBEAT_INTERVAL is out of range',
    why:
      'A member is given up after 3 x interval + (interval - 1) seconds. The guides allow up to ' +
      '120 in one place and up to 30 in another; above 30 it depends on the version.',
    fix: 'Write a number of seconds from 0 to 30; 20 is the default.',
    source: 'LAG, "SERVER Lines"; knowledge base, "network latency and triads"',
    *license({ file, servers }) {
      for (const server of servers) {
        const seconds = server.heartbeatIntervalSeconds ?? 0;
        if (seconds <= HEARTBEAT_SECONDS_SAFE) continue;
        const message = `expected 0 to ${HEARTBEAT_SECONDS_SAFE} seconds, got ${seconds}`;
        yield spot(file, attributePlace(file, server, 'HEARTBEAT_INTERVAL'), message);
      }
    },
  },
  {
    id: 'triad-setting-alone',
    severity: 'info',
    summary: 'a triad setting on a single server',
    why:
      'PRIMARY_IS_MASTER and HEARTBEAT_INTERVAL say how three servers share the work. A single ' +
      'server ignores them.',
    fix: 'Delete the word, or add the two other SERVER lines if this was cut out of a triad.',
    source: 'LAG, "SERVER Lines"',
    *license({ file, servers }) {
      const server = servers[0];
      if (!server || servers.length > 1) return;
      const words = [
        ...(server.primaryIsMaster ? ['PRIMARY_IS_MASTER'] : []),
        ...(server.heartbeatIntervalSeconds === undefined ? [] : ['HEARTBEAT_INTERVAL']),
      ];
      for (const word of words) {
        yield spot(
          file,
          attributePlace(file, server, word),
          `expected three servers for ${word}, got one`,
        );
      }
    },
  },
];

function forTriads(
  check: (server: ServerLine, view: LicenseView) => Iterable<Spot>,
): (view: LicenseView) => Iterable<Spot> {
  return function* (view) {
    if (view.servers.length !== 3) return;
    for (const server of view.servers) yield* check(server, view);
  };
}

/** The first server before this one with the same key. Triads only: at most three are compared. */
function earlierTwin(
  servers: readonly ServerLine[],
  server: ServerLine,
  key: (server: ServerLine) => string,
): ServerLine | undefined {
  const first = servers.find((other) => key(other) === key(server));
  return first === server ? undefined : first;
}
