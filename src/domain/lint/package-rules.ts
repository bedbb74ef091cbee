import { sameName } from '../../base/names.ts';
import type { FeatureLine, PackageLine, UpgradeLine } from '../license/model.ts';
import { compareVersions } from '../license/versions.ts';
import type { LicenseView } from './catalog.ts';
import type { LintRule, Spot } from './model.ts';
import { componentPlace, spot, wordOf } from './places.ts';
import type { LintSubject } from './subject.ts';

/** With more lines of one feature than this the question for a base is left open. */
const BASES_COMPARED_MAX = 100;

/** Rules about PACKAGE and UPGRADE lines, which mean something only together with other lines. */
export const packageRules: readonly LintRule[] = [
  {
    id: 'package-not-enabled',
    severity: 'warning',
    summary: 'no FEATURE or INCREMENT line enables a PACKAGE',
    why:
      'A PACKAGE line only says what belongs together. Seats come from a FEATURE or INCREMENT ' +
      "line with the package's name, and its version if it has one; the line may stand in " +
      'another file.',
    fix: 'Add the enabling line, or lint the file that holds it together with this one.',
    source: 'End User Guide v10, App. B, "PACKAGE Line"',
    license: forPackages(function* (line, { file }, { catalog }) {
      if (catalog.enablers(line).length > 0) return;
      const version = line.version === undefined ? '' : ` version ${line.version}`;
      const message =
        `expected a FEATURE or INCREMENT line for package ${line.name}${version}, ` + 'got none';
      yield spot(file, wordOf(file, line, line.name, 1), message);
    }),
  },
  {
    id: 'package-component-missing',
    severity: 'warning',
    summary: 'a package names a component that nothing else knows',
    why:
      'The other components of this package have lines of their own and this one has none, so ' +
      'its name is probably misspelled or its line was left out.',
    fix: 'Spell the component as its own line does, or add that line.',
    flexnetCode: -82,
    source: 'End User Guide v10, App. B, "PACKAGE Line"',
    license: forPackages(function* (line, { file }, { catalog }) {
      const known = (name: string): boolean =>
        catalog.features.has(name.toLowerCase()) || catalog.packages.has(name.toLowerCase());
      const missing = line.components.filter(({ name }) => !known(name));
      const first = missing[0];
      if (!first || missing.length === line.components.length) return;
      const more = missing.length > 1 ? ` and ${missing.length - 1} more` : '';
      const message =
        `package ${line.name}: expected components that have lines, as the others do; got ` +
        `${first.name}${more}`;
      yield spot(file, componentPlace(file, line, first.name), message);
    }),
  },
  {
    id: 'suite-component-count',
    severity: 'warning',
    summary: 'a component of a suite has a count',
    why:
      'In a suite the seats of the suite itself limit the users; a count per component ' +
      '(name:version:count) is only for plain packages.',
    fix: 'Write name or name:version.',
    flexnetCode: -82,
    source: 'End User Guide v10, App. B, "PACKAGE Line"',
    license: forPackages(function* (line, { file }) {
      const first = line.components.find(({ count }) => count !== undefined);
      if (line.suite === 'none' || !first) return;
      const message =
        `suite ${line.name}: expected ${first.name} without a count, ` + `got ${first.count}`;
      yield spot(file, componentPlace(file, line, first.name), message);
    }),
  },
  {
    id: 'upgrade-without-base',
    severity: 'warning',
    summary: 'an UPGRADE line finds nothing to upgrade',
    why:
      'UPGRADE takes seats from a counted line of the same feature that stands before it, with a ' +
      'version from its first up to below its second number. Without such a line it gives ' +
      'nothing.',
    fix: 'Put the line that is upgraded above, or correct the versions.',
    source: 'End User Guide v10, App. B, "UPGRADE Line"',
    *license(view, { catalog }) {
      for (const line of view.upgrades) {
        const named = catalog.features.get(line.name.toLowerCase()) ?? [];
        if (named.length > BASES_COMPARED_MAX) continue;
        const before = named.filter(
          (placed) => placed.view !== view || placed.line.line < line.line,
        );
        if (before.some((placed) => canUpgrade(placed.line, line))) continue;
        const range = `from ${line.fromVersion} to below ${line.version}`;
        const message = `expected a counted line of ${line.name} ${range} before this, got none`;
        yield spot(view.file, wordOf(view.file, line, line.name, 1), message);
      }
    },
  },
];

function forPackages(
  check: (line: PackageLine, view: LicenseView, subject: LintSubject) => Iterable<Spot>,
): (view: LicenseView, subject: LintSubject) => Iterable<Spot> {
  return function* (view, subject) {
    for (const line of view.packages) yield* check(line, view, subject);
  };
}

function canUpgrade({ count, version, vendor }: FeatureLine, upgrade: UpgradeLine): boolean {
  return (
    count > 0 &&
    sameName(vendor, upgrade.vendor) &&
    compareVersions(version, upgrade.fromVersion) >= 0 &&
    compareVersions(version, upgrade.version) < 0
  );
}
