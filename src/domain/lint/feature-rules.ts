import type { FeatureLine } from '../license/model.ts';
import type { LicenseView } from './catalog.ts';
import type { LintRule, Spot } from './model.ts';
import { firstWord, spot, wordOf } from './places.ts';

const NAME_CHARACTERS_USUAL = 30;

/** Rules about FEATURE and INCREMENT lines as a whole: who counts them, and which are the same. */
export const featureRules: readonly LintRule[] = [
  {
    id: 'nothing-to-serve',
    severity: 'error',
    summary: 'a license file without any line of one',
    why:
      'There is no SERVER, VENDOR or FEATURE line in the file or in those beside it, so no ' +
      'license manager starts on it and no client finds a server in it.',
    fix: 'Check that this is the right file, and that its lines are not all comments.',
    flexnetCode: -13,
    source: 'LAG, "License File Format"',
    stopsServer: true,
    *license({ file }, { hasServer, vendorsServed, vendorsLicensed }) {
      if (hasServer || vendorsServed.size > 0 || vendorsLicensed.size > 0) return;
      const message = 'expected SERVER, VENDOR or FEATURE lines, got none';
      yield spot(file, { line: 1, column: 1 }, message);
    },
  },
  {
    id: 'no-features',
    severity: 'warning',
    summary: 'VENDOR lines and no feature at all',
    why: 'A vendor daemon without features says "No features to serve" and exits.',
    fix: "Add the vendor's FEATURE and INCREMENT lines, or lint the file that has them with this.",
    flexnetCode: -97,
    source: 'debug log: "No features to serve"',
    *license({ file, vendors }, { vendorsLicensed }) {
      const first = vendors[0];
      if (!first || vendorsLicensed.size > 0) return;
      const message = `expected FEATURE or INCREMENT lines of ${first.vendor}, got none`;
      yield spot(file, firstWord(file, first), message);
    },
  },
  {
    id: 'counted-without-server',
    severity: 'error',
    summary: 'counted features and no SERVER line',
    why:
      'Seats are counted by a server. Without a SERVER line clients know none to ask, and a ' +
      'license manager does not start.',
    fix:
      'Add SERVER and VENDOR lines at the top, or write uncounted and a HOSTID= if the line is ' +
      'meant for one machine.',
    flexnetCode: -13,
    source: 'LAG, "SERVER Lines"',
    stopsServer: true,
    *license({ file, features }, { hasServer }) {
      if (hasServer) return;
      const counted = features.filter((line) => line.count > 0);
      const first = counted[0];
      if (!first) return;
      const more =
        counted.length > 1 ? ` and ${plural(counted.length - 1, 'more counted line')}` : '';
      const message = `expected a SERVER line for ${first.name}${more}, got none`;
      yield spot(file, firstWord(file, first), message);
    },
  },
  {
    id: 'duplicate-feature',
    severity: 'warning',
    summary: 'several counted FEATURE lines of one name',
    why:
      'FEATURE lines of one name do not add up: only the first counted one is used. Those who ' +
      'sell more seats write INCREMENT.',
    fix: 'Ask the vendor for INCREMENT lines, or delete the lines that are out of date.',
    source: 'End User Guide v10, App. B, "FEATURE or INCREMENT"',
    license: sameFeatures(
      (line) => line.keyword === 'FEATURE' && line.count > 0,
      (line) => `${line.vendor}\n${line.name}`.toLowerCase(),
      (line, first) => `expected one FEATURE line for ${line.name}, got line ${first} and this`,
    ),
  },
  {
    id: 'duplicate-line',
    severity: 'warning',
    summary: 'the same line twice',
    why:
      'The two lines have the same signature, so they are one purchase pasted twice. A vendor ' +
      'daemon counts it once; a reader of the file counts twice.',
    fix: 'Delete one of the two.',
    source: 'unverified: a vendor daemon drops a line whose signature it has seen',
    license: sameFeatures(
      (line) => line.count > 0 && signatureOf(line) !== undefined,
      identityOf,
      (line, first) => `expected ${line.name} once, got line ${first} again`,
    ),
  },
  {
    id: 'feature-case',
    severity: 'info',
    summary: 'one feature name in two spellings of case',
    why:
      'Most daemons ignore the case of feature names, so these lines are one feature; some ' +
      'daemons do not, and then they are two.',
    fix:
      'Find out which of the two your vendor means; the debug log says when licenses are case ' +
      'sensitive.',
    source: 'debug log: "Licenses are case sensitive for"',
    *license({ file, features }, { catalog }) {
      const told = new Set<string>();
      for (const line of features) {
        const name = line.name.toLowerCase();
        const first = catalog.features.get(name)?.[0]?.line;
        if (!first || first.name === line.name || told.has(name)) continue;
        told.add(name);
        const message = `expected ${first.name} as on line ${first.line}, got ${line.name}`;
        yield spot(file, wordOf(file, line, line.name, 1), message);
      }
    },
  },
  {
    id: 'feature-name-form',
    severity: 'info',
    summary: 'a feature name that some tools cannot take',
    why:
      "A hyphen confuses FlexNet's own tools for borrowing, and names of more than " +
      `${NAME_CHARACTERS_USUAL} characters are cut in lists.`,
    fix: 'Nothing to do for a file of the vendor; in files of your own write letters, digits and _.',
    source: 'LAG, lmborrowl; unverified: about 30 characters for a name',
    *license({ file, features }) {
      const told = new Set<string>();
      for (const line of features) {
        const { name } = line;
        if (told.has(name) || (!name.includes('-') && name.length <= NAME_CHARACTERS_USUAL))
          continue;
        told.add(name);
        const got = name.includes('-') ? `a hyphen in ${name}` : `${name.length}`;
        const message = `expected up to ${NAME_CHARACTERS_USUAL} letters, digits and _, got ${got}`;
        yield spot(file, wordOf(file, line, name, 1), message);
      }
    },
  },
  {
    id: 'unsigned-line',
    severity: 'info',
    summary: 'a line without key or signature',
    why:
      'fauxlm serves it, because it neither makes nor checks signatures. A real vendor daemon ' +
      'does not.',
    fix: 'For a real server have the line issued by the vendor.',
    flexnetCode: -114,
    source: 'LAG, "FEATURE and INCREMENT Lines"; error list, -114',
    *license({ file, features }) {
      const bare = features.filter((line) => signatureOf(line) === undefined && !hasAuth(line));
      const first = bare[0];
      if (!first) return;
      const more = bare.length > 1 ? ` and ${plural(bare.length - 1, 'more line')}` : '';
      const message = `expected SIGN= on ${first.name}${more}, got none`;
      yield spot(file, wordOf(file, first, first.name, 1), message);
    },
  },
];

/** Tells of each line whose key was seen before in the same file. */
function sameFeatures(
  concerns: (line: FeatureLine) => boolean,
  key: (line: FeatureLine) => string,
  message: (line: FeatureLine, firstLine: number) => string,
): (view: LicenseView) => Iterable<Spot> {
  return function* ({ file, features }) {
    const seen = new Map<string, number>();
    for (const line of features) {
      if (!concerns(line)) continue;
      const own = key(line);
      const first = seen.get(own);
      if (first === undefined) seen.set(own, line.line);
      else yield spot(file, wordOf(file, line, line.name, 1), message(line, first));
    }
  };
}

/** All that tells one purchase from another. */
function identityOf({
  vendor,
  name,
  version,
  expiry,
  count,
  key,
  attributes,
}: FeatureLine): string {
  const { sign, sign2 } = attributes;
  return [vendor, name, version, expiry.text, count, key, sign, sign2].join('\n');
}

function signatureOf(line: FeatureLine): string | undefined {
  return line.attributes.sign ?? line.attributes.sign2 ?? line.key;
}

function hasAuth(line: FeatureLine): boolean {
  return line.attributes.others?.some(({ name }) => /^(?:AUTH|V\d.*_LK)$/i.test(name)) ?? false;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
