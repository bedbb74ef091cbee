import type { FeatureLine } from '../license/model.ts';
import type { LicenseView } from './catalog.ts';
import type { LintRule, Spot } from './model.ts';
import { attributePlace, lastWord, spot, wordOf } from './places.ts';
import type { LintSubject } from './subject.ts';

/** A year: nobody may borrow for longer, so a larger number was meant in another unit. */
const BORROW_HOURS_PLAUSIBLE = 8_760;
const SORT_MAX = 255;

/** Rules about what stands behind the count of a FEATURE or INCREMENT line. */
export const attributeRules: readonly LintRule[] = [
  {
    id: 'uncounted-without-hostid',
    severity: 'warning',
    summary: 'an uncounted line that is locked to nothing',
    why:
      'An uncounted line needs no server, so its HOSTID= is all that limits it. Vendor tools do ' +
      'not issue such lines without one, and programs may refuse them.',
    fix: 'Add HOSTID= with a host id, or HOSTID=ANY.',
    source: 'LAG, "FEATURE and INCREMENT Lines"',
    license: forFeatures(function* (line, { file }) {
      if (line.count !== 0 || line.attributes.hostids !== undefined) return;
      const message = `expected HOSTID= on uncounted ${line.name}, got none`;
      yield spot(file, wordOf(file, line, line.name, 1), message);
    }),
  },
  {
    id: 'demo-counted',
    severity: 'warning',
    summary: 'host id DEMO on a counted line',
    why:
      'DEMO means any machine, but only for uncounted lines; on a counted line it is no valid ' +
      'host id.',
    fix: 'Write ANY, or make the line uncounted.',
    source: 'LAG, "Special Hostids"',
    license: forFeatures(function* (line, { file }) {
      if (line.count <= 0 || !line.attributes.hostids?.some((id) => /^demo$/i.test(id))) return;
      const message = `expected HOSTID=DEMO on an uncounted line only, got ${line.count} seats`;
      yield spot(file, attributePlace(file, line, 'HOSTID'), message);
    }),
  },
  {
    id: 'supersede-without-date',
    severity: 'warning',
    summary: 'SUPERSEDE without ISSUED or START',
    why:
      'SUPERSEDE replaces lines that are older than this one. Without ISSUED= or START= the line ' +
      'has no age, and replaces nothing.',
    fix: 'Have the line issued again with ISSUED=.',
    source: 'End User Guide v10, App. B, "SUPERSEDE"',
    *license({ file, features, packages }) {
      for (const line of [...features, ...packages]) {
        const { supersede, issued, start } = line.attributes;
        if (supersede === undefined || issued || start) continue;
        // A date that could not be read has a finding of its own.
        if (/\b(?:ISSUED|START)=/i.test(file.source.text.slice(line.start, line.end))) continue;
        const message = `expected ISSUED= or START= beside SUPERSEDE of ${line.name}, got none`;
        yield spot(file, attributePlace(file, line, 'SUPERSEDE'), message);
      }
    },
  },
  {
    id: 'dup-group-vendor',
    severity: 'info',
    summary: 'DUP_GROUP contains V',
    why:
      'V groups checkouts by data that only the application knows. Tools that do not send it ' +
      'seem to be one client, and a reread cannot take such seats back.',
    fix: 'Nothing to do; know it when counts look too low.',
    source: 'End User Guide v10, App. B, "DUP_GROUP"; debug log: "DUP_VENDOR enabled"',
    license: forFeatures(function* (line, { file }) {
      const group = line.attributes.dupGroup;
      if (group?.kind !== 'fields' || !group.vendor) return;
      const message = `${line.name}: expected DUP_GROUP of user, host and display, got V as well`;
      yield spot(file, attributePlace(file, line, 'DUP_GROUP'), message);
    }),
  },
  {
    id: 'borrow-seconds',
    severity: 'warning',
    summary: 'a borrow period that looks like seconds',
    why:
      'BORROW= and MAX_BORROW_HOURS count hours. A number meant as seconds lets a seat stay away ' +
      '3600 times as long as intended.',
    fix: 'Write hours: 24 for a day, 168 for a week.',
    source: 'LAG, "FEATURE and INCREMENT Lines"; "MAX_BORROW_HOURS"',
    license: forFeatures(function* (line, { file }) {
      const hours = line.attributes.borrowHours;
      if (hours === undefined || !looksLikeSeconds(hours)) return;
      yield spot(file, attributePlace(file, line, 'BORROW'), ...tooLong('BORROW=', hours));
    }),
    *options({ file, rules }) {
      for (const line of rules) {
        const { rule } = line;
        if (rule.keyword !== 'MAX_BORROW_HOURS' || !looksLikeSeconds(rule.hours)) continue;
        const place = lastWord(file, line);
        yield spot(file, place, ...tooLong('MAX_BORROW_HOURS of ', rule.hours));
      }
    },
  },
  {
    id: 'sort-range',
    severity: 'info',
    summary: 'sort= above what counts',
    why: 'sort= goes from 0 to 255, lower is tried first; anything above counts as 255.',
    fix: 'Write a number from 0 to 255; 100 is the default.',
    source: 'LAG, "Sort Rules"',
    license: forFeatures(function* (line, { file }) {
      if (line.attributes.sort !== SORT_MAX) return;
      const text = file.source.text.slice(line.start, line.end);
      const given = /\ssort="?0*(\d+)/i.exec(text)?.[1];
      if (given === undefined || Number(given) <= SORT_MAX) return;
      const message = `${line.name}: expected sort= from 0 to ${SORT_MAX}, got ${given}`;
      yield spot(file, attributePlace(file, line, 'sort'), message);
    }),
  },
  {
    id: 'signature-form',
    severity: 'warning',
    summary: 'a signature that is not in hex',
    why:
      'Signatures are hex digits, in groups with blanks between them if they stand in quotes. A ' +
      'daemon finds that anything else does not fit the line.',
    fix: 'Copy the line from the file of the vendor once more.',
    flexnetCode: -8,
    source: 'End User Guide v10, App. B, "SIGN"; error list, -8',
    license: forFeatures(function* (line, { file }) {
      const { sign, sign2 } = line.attributes;
      for (const [name, value] of [
        ['SIGN', sign],
        ['SIGN2', sign2],
      ] as const) {
        if (value === undefined || /^\s*[\dA-F][\dA-F\s]*$/i.test(value)) continue;
        const message = `${line.name}: expected hex digits in ${name}, got "${value}"`;
        yield spot(file, attributePlace(file, line, name), message);
      }
    }),
  },
  {
    id: 'float-ok-without-dongle',
    severity: 'warning',
    summary: 'FLOAT_OK without the host id of a dongle',
    why:
      'FLOAT_OK lets a line that is locked to a dongle float from the server which carries the ' +
      'dongle. Without HOSTID=FLEXID= there is no dongle that it could be about.',
    fix: 'Have the line issued again with the host id of the dongle.',
    flexnetCode: -121,
    source: 'LAG, "Mobile Licensing"; error list, -121',
    license: forFeatures(function* (line, { file }) {
      const { floatOk, hostids = [] } = line.attributes;
      if (floatOk === undefined || hostids.some((id) => /^FLEXID=/i.test(id))) return;
      const message = `${line.name}: expected HOSTID=FLEXID= beside FLOAT_OK, got none`;
      yield spot(file, attributePlace(file, line, 'FLOAT_OK'), message);
    }),
  },
  {
    id: 'suite-dup-group-alone',
    severity: 'info',
    summary: 'SUITE_DUP_GROUP on a line that enables no suite',
    why:
      'SUITE_DUP_GROUP says who counts once for the suite, so it means something only on the ' +
      'line that enables a PACKAGE with OPTIONS=SUITE.',
    fix: 'Nothing to do, or lint the file with the PACKAGE line together with this one.',
    source: 'End User Guide v10, App. B, "SUITE_DUP_GROUP"',
    license: forFeatures(function* (line, { file }, { catalog }) {
      if (line.attributes.suiteDupGroup === undefined) return;
      const packages = catalog.packages.get(line.name.toLowerCase()) ?? [];
      if (packages.some(({ suite }) => suite !== 'none')) return;
      const message = `expected a PACKAGE ${line.name} with OPTIONS=SUITE, got none`;
      yield spot(file, attributePlace(file, line, 'SUITE_DUP_GROUP'), message);
    }),
  },
  {
    id: 'timeout-on-feature',
    severity: 'error',
    summary: 'TIMEOUT on a license line',
    why:
      'TIMEOUT is a keyword of options files. On a license line it is an unknown upper-case ' +
      'keyword, and a daemon refuses the whole line as of a newer format or misspelled.',
    fix: 'Take the word off the line and write TIMEOUT feature seconds in the options file.',
    flexnetCode: -90,
    source: 'LAG, "TIMEOUT"; error list, -90',
    insteadOf: ['unknown-keyword'],
    license: forFeatures(function* (line, { file }) {
      const other = line.attributes.others?.find(({ name }) => name === 'TIMEOUT');
      if (!other) return;
      const fix =
        `Write in the options file: TIMEOUT ${line.name} ` +
        `${other.value === true ? 'seconds' : other.value}`;
      const message = `${line.name}: expected license attributes, got the options keyword TIMEOUT`;
      yield spot(file, attributePlace(file, line, 'TIMEOUT'), message, fix);
    }),
  },
  {
    id: 'linger-on-feature',
    severity: 'warning',
    summary: 'LINGER on a license line',
    why:
      'Only guides of the 1990s know LINGER on a license line; newer daemons may refuse the ' +
      'line. The options file sets it without touching signed text.',
    fix: 'Write LINGER feature seconds in the options file.',
    source: 'End User Manual v6; LAG, "LINGER"',
    license: forFeatures(function* (line, { file }) {
      const seconds = line.attributes.lingerSeconds;
      if (seconds === undefined) return;
      const fix = `Write in the options file: LINGER ${line.name} ${seconds}`;
      const message =
        `${line.name}: expected LINGER in the options file, ` + 'got it on the license line';
      yield spot(file, attributePlace(file, line, 'LINGER'), message, fix);
    }),
  },
];

function forFeatures(
  check: (line: FeatureLine, view: LicenseView, subject: LintSubject) => Iterable<Spot>,
): (view: LicenseView, subject: LintSubject) => Iterable<Spot> {
  return function* (view, subject) {
    for (const line of view.features) yield* check(line, view, subject);
  };
}

function looksLikeSeconds(hours: number): boolean {
  return hours > BORROW_HOURS_PLAUSIBLE || (hours >= 3600 && hours % 3600 === 0);
}

function tooLong(what: string, hours: number): [message: string, fix?: string] {
  const days = Math.round(hours / 24);
  const message = `expected hours, got ${what}${hours}, which is ${days} days`;
  return hours % 3600 === 0
    ? [message, `If ${hours} seconds were meant, write ${hours / 3600}.`]
    : [message];
}
