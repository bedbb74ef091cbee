import { printDate } from '../license/dates.ts';
import type { FeatureLine, UpgradeLine } from '../license/model.ts';
import type { LicenseView } from './catalog.ts';
import { dayNumber, lastDay } from './days.ts';
import type { LintRule, Spot } from './model.ts';
import { attributePlace, spot, wordOf } from './places.ts';
import type { LintSubject } from './subject.ts';

const EXPIRES_SOON_DAYS = 30;

type DatedLine = FeatureLine | UpgradeLine;

/** Rules that compare the dates of a line with each other and with today. */
export const dateRules: readonly LintRule[] = [
  {
    id: 'expired',
    severity: 'warning',
    summary: 'a line has expired',
    why:
      'A vendor daemon does not serve it and writes EXPIRED to its log; who asks for it is told ' +
      'that the feature has expired or does not exist.',
    fix: 'Delete the line, or ask the vendor for a new one. To test with it, move the clock.',
    flexnetCode: -10,
    source: 'LAG, "FEATURE and INCREMENT Lines"; debug log: "EXPIRED:"',
    license: forDated(function* (line, { file }, today) {
      const end = lastDay(line.expiry);
      if (end === undefined || end >= today) return;
      const message =
        `${line.name}: expected a day that is still to come, ` +
        `got ${line.expiry.text}, ${days(today - end)} ago`;
      yield spot(
        file,
        wordOf(file, line, line.expiry.text, line.kind === 'upgrade' ? 5 : 4),
        message,
      );
    }),
  },
  {
    id: 'all-expired',
    severity: 'warning',
    summary: 'everything of a vendor has expired',
    why:
      'A vendor daemon that has nothing left to serve says so in the log and exits, and the ' +
      'license manager starts it again in vain.',
    fix: 'Ask the vendor for a new license. To test with this one, move the clock.',
    flexnetCode: -97,
    source: 'LAG, "FEATURE and INCREMENT Lines"; debug log: "No features to serve"',
    *license({ file, features }, { vendorsAlive, vendorsServed }) {
      const told = new Set<string>();
      for (const line of features) {
        const vendor = line.vendor.toLowerCase();
        const served = vendorsServed.has(vendor) && !told.has(vendor);
        if (vendorsAlive.has(vendor) || !served) continue;
        told.add(vendor);
        const message = `expected a line of ${line.vendor} that is still valid, got none`;
        yield spot(file, wordOf(file, line, line.vendor, 2), message);
      }
    },
  },
  {
    id: 'expires-soon',
    severity: 'info',
    summary: `a line expires within ${EXPIRES_SOON_DAYS} days`,
    why:
      'The last day counts whole; at the midnight after it the daemon rereads its files and the ' +
      'seats are gone, also from under those who hold them.',
    fix: 'Ask the vendor for the renewal in time, and reread after adding it.',
    source: 'LAG, "FEATURE and INCREMENT Lines"; "AUTOMATIC_REREAD"',
    license: forDated(function* (line, { file }, today) {
      const end = lastDay(line.expiry);
      if (end === undefined || end < today || end - today > EXPIRES_SOON_DAYS) return;
      const message = `${line.name}: ${line.expiry.text} is ${days(end - today)} away`;
      yield spot(
        file,
        wordOf(file, line, line.expiry.text, line.kind === 'upgrade' ? 5 : 4),
        message,
      );
    }),
  },
  {
    id: 'not-yet-started',
    severity: 'warning',
    summary: 'a line starts in the future',
    why: 'Until its START= day the line is refused.',
    fix: "Wait, or set the machine's date right. To test with it, move the clock.",
    flexnetCode: -31,
    source: 'End User Guide v10, App. B, "START"; error list, -31',
    license: forDated(function* (line, { file }, today) {
      const { start } = line.attributes;
      if (!start || dayNumber(start) <= today) return;
      const message =
        `${line.name}: expected a day that has come, ` +
        `got START ${printDate(start)}, ${days(dayNumber(start) - today)} away`;
      yield spot(file, attributePlace(file, line, 'START'), message);
    }),
  },
  {
    id: 'start-after-expiry',
    severity: 'warning',
    summary: 'a line starts after it ends',
    why: 'There is no day on which the line is valid.',
    fix: 'Ask the vendor for a line with the right dates.',
    source: 'End User Guide v10, App. B, "START"',
    license: forDated(function* (line, { file }) {
      const { start } = line.attributes;
      const end = lastDay(line.expiry);
      if (!start || end === undefined || dayNumber(start) <= end) return;
      const message =
        `${line.name}: expected START up to ${line.expiry.text}, ` + `got ${printDate(start)}`;
      yield spot(file, attributePlace(file, line, 'START'), message);
    }),
  },
  {
    id: 'issued-in-future',
    severity: 'info',
    summary: 'a line was issued in the future',
    why:
      'The clock of this machine is behind, or the date has a typing error. ISSUED= decides ' +
      'which line supersedes which.',
    fix: "Check the machine's date.",
    source: 'End User Guide v10, App. B, "ISSUED"',
    license: forDated(function* (line, { file }, today) {
      const { issued } = line.attributes;
      // A day ahead is the vendor's time zone.
      if (!issued || dayNumber(issued) <= today + 1) return;
      const message = `${line.name}: expected a day that has come, got ISSUED ${printDate(issued)}`;
      yield spot(file, attributePlace(file, line, 'ISSUED'), message);
    }),
  },
];

function forDated(
  check: (line: DatedLine, view: LicenseView, todayNumber: number) => Iterable<Spot>,
): (view: LicenseView, subject: LintSubject) => Iterable<Spot> {
  return function* (view, { today }) {
    const number = dayNumber(today);
    for (const line of view.features) yield* check(line, view, number);
    for (const line of view.upgrades) yield* check(line, view, number);
  };
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}
