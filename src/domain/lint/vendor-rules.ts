import type { VendorLine } from '../license/model.ts';
import type { LintRule } from './model.ts';
import { attributePlace, firstWord, spot, wordOf } from './places.ts';

/** Rules about VENDOR and USE_SERVER lines: who serves what, and on which port. */
export const vendorRules: readonly LintRule[] = [
  {
    id: 'vendor-missing',
    severity: 'error',
    summary: 'no VENDOR line for the vendor of a counted feature',
    why:
      'The license manager starts one daemon for each VENDOR line. Counted features of a vendor ' +
      'without one are served by nobody.',
    fix:
      'Add a line VENDOR and the name of the daemon, before the features; spell it as the ' +
      'features do.',
    flexnetCode: -97,
    source: 'LAG, "VENDOR Lines"',
    *license({ file, features }, { vendorsServed }) {
      const told = new Set<string>();
      for (const line of features) {
        const key = line.vendor.toLowerCase();
        if (line.count <= 0 || vendorsServed.has(key) || told.has(key)) continue;
        told.add(key);
        const message = `expected a line VENDOR ${line.vendor} for feature ${line.name}, got none`;
        yield spot(file, wordOf(file, line, line.vendor, 2), message, `Add: VENDOR ${line.vendor}`);
      }
    },
  },
  {
    id: 'duplicate-vendor',
    severity: 'warning',
    summary: 'two VENDOR lines for one vendor in one file',
    why:
      'One daemon runs for each vendor, so only one of the lines counts; the path, options file ' +
      'or port of the other is not used.',
    fix: 'Keep one of the lines.',
    source: 'LAG, "VENDOR Lines"',
    *license({ file, vendors }) {
      const first = new Map<string, VendorLine>();
      for (const line of vendors) {
        const key = line.vendor.toLowerCase();
        const earlier = first.get(key);
        if (!earlier) {
          first.set(key, line);
          continue;
        }
        const message =
          `expected one VENDOR line for ${line.vendor}, ` + `got line ${earlier.line} and this`;
        yield spot(file, wordOf(file, line, line.vendor, 1), message);
      }
    },
  },
  {
    id: 'vendor-unused',
    severity: 'info',
    summary: 'a VENDOR line whose vendor has no feature',
    why:
      'The daemon starts, finds no features to serve and exits, and the license manager starts ' +
      'it again. A misspelled name looks like this too.',
    fix: 'Delete the line, or spell it as the features do.',
    source: 'LAG, "VENDOR Lines"; debug log: "No features to serve"',
    *license({ file, vendors }, { vendorsLicensed }) {
      if (vendorsLicensed.size === 0) return;
      for (const line of vendors) {
        if (vendorsLicensed.has(line.vendor.toLowerCase())) continue;
        const message = `expected a feature of ${line.vendor}, got none`;
        yield spot(file, wordOf(file, line, line.vendor, 1), message);
      }
    },
  },
  {
    id: 'port-clash',
    severity: 'error',
    summary: 'two daemons are given one port',
    why:
      'The license manager and each vendor daemon listen at a port of their own on one machine; ' +
      'the second to start cannot have it and does not come up.',
    fix: 'Give each line its own port, or leave out the port of VENDOR lines.',
    source: 'LAG, "SERVER Lines"; "VENDOR Lines"',
    *license({ file, vendors }, { portOwners }) {
      for (const line of vendors) {
        const owner = line.port === undefined ? undefined : portOwners.get(line.port);
        if (owner === undefined || owner === line.vendor.toLowerCase()) continue;
        const message = `expected a port of its own for ${line.vendor}, got ${line.port} of ${owner}`;
        yield spot(file, wordOf(file, line, String(line.port), 2), message);
      }
    },
  },
  {
    id: 'privileged-port',
    severity: 'info',
    summary: 'a port below 1024',
    why: 'On UNIX only root may listen below 1024, and a license manager should not run as root.',
    fix: 'Use a port from 1024 on; 27000 to 27009 are found without being named.',
    source: 'LAG, "SERVER Lines"',
    *license({ file, servers, vendors }) {
      for (const line of [...servers, ...vendors]) {
        const { port } = line;
        if (port === undefined || port === 0 || port >= 1024) continue;
        yield spot(file, wordOf(file, line, String(port), 2), `expected 1024 or more, got ${port}`);
      }
    },
  },
  {
    id: 'empty-options-path',
    severity: 'info',
    summary: 'OPTIONS= without a path',
    why:
      'No options file is named, so the daemon looks for its own name and .opt beside the ' +
      'license file.',
    fix: 'Write the path, or delete the word.',
    source: 'LAG, "Managing the Options File"; seen in installers\' files',
    *license({ file, vendors }) {
      for (const line of vendors) {
        const text = file.source.text.slice(line.start, line.end);
        if (!/\soptions=(?=\s|$)/i.test(text)) continue;
        const place = attributePlace(file, line, 'options');
        yield spot(file, place, `expected a path, so ${line.vendor}.opt is used; got nothing`);
      }
    },
  },
  {
    id: 'use-server-without-server',
    severity: 'warning',
    summary: 'USE_SERVER in a file without a SERVER line',
    why:
      'USE_SERVER tells a client to ask the servers named above it and to read no further. With ' +
      'no server above, the client is left with nothing.',
    fix: 'Add the SERVER line above USE_SERVER, or delete USE_SERVER.',
    flexnetCode: -13,
    source: 'LAG, "USE_SERVER Lines"',
    *license({ file, servers, useServers }) {
      const line = useServers[0];
      if (!line || servers.length > 0) return;
      yield spot(file, firstWord(file, line), 'expected a SERVER line above USE_SERVER, got none');
    },
  },
  {
    id: 'server-after-use-server',
    severity: 'warning',
    summary: 'a SERVER line after USE_SERVER',
    why: 'A client ignores every line after USE_SERVER, so it does not learn of this server.',
    fix: 'Move USE_SERVER below the SERVER lines.',
    source: 'LAG, "USE_SERVER Lines"',
    *license({ file, servers, useServers }) {
      const use = useServers[0];
      const late = use && servers.find((server) => server.line > use.line);
      if (!late) return;
      const message = `expected SERVER before USE_SERVER on line ${use.line}, got it after`;
      yield spot(file, firstWord(file, late), message);
    },
  },
  {
    id: 'uncounted-after-use-server',
    severity: 'info',
    summary: 'an uncounted line after USE_SERVER',
    why:
      'Clients stop reading at USE_SERVER and ask the server even for lines that need none; ' +
      'without the server those do not work.',
    fix: 'Move uncounted lines above USE_SERVER if they should work without the server.',
    source: 'LAG, "USE_SERVER Lines"',
    *license({ file, features, servers, useServers }) {
      if (servers.length === 0) return;
      const use = useServers[0];
      const late = use && features.find((line) => line.count === 0 && line.line > use.line);
      if (!late) return;
      const message =
        `expected uncounted ${late.name} before USE_SERVER on line ${use.line}, ` + 'got it after';
      yield spot(file, wordOf(file, late, late.name, 1), message);
    },
  },
];
