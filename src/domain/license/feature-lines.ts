import type { UnknownLine } from '../language/line.ts';
import type { Mutable } from '../language/line-parts.ts';
import type { LogicalLine } from '../language/logical-line.ts';
import { parseWhole } from './attribute-forms.ts';
import { isKey, parseAttributeWords } from './attribute-words.ts';
import { attributeNamed } from './attributes.ts';
import { parseExpiry } from './dates.ts';
import { incompleteLine } from './incomplete-line.ts';
import type { Expiry, FeatureLine, PackageLine, UpgradeLine } from './model.ts';
import type { Reading } from './reading.ts';
import { isVersion } from './versions.ts';

/**
 * The count of a line whose count cannot be read. Neither counted nor uncounted, the line is not
 * usable, and printed it is as unreadable as it was.
 */
export const COUNT_UNREADABLE = -1;

/**
 * FEATURE|INCREMENT name vendor version exp_date num_lic [key] [attributes]
 * Source: End User Guide v10, App. B, "FEATURE/INCREMENT Lines".
 */
export function parseFeature(
  reading: Reading,
  keyword: FeatureLine['keyword'],
): FeatureLine | UnknownLine {
  const { line, findings } = reading;
  if (line.wordCount < 6) {
    return incompleteLine(
      line,
      findings,
      'a name, a vendor, a version, an expiry date and a count',
      -2,
    );
  }
  const version = readVersion(reading, 3);
  const expiry = readExpiry(reading, 4);
  const count = readCount(reading, 5);
  const { attributes, key } = parseAttributeWords(reading, 6, 'feature');
  const feature: Mutable<FeatureLine> = {
    kind: 'feature',
    start: line.start,
    end: line.end,
    line: line.line,
    lineCount: line.lineCount,
    keyword,
    name: line.word(1),
    vendor: reading.vendors.recall(line, 2) ?? reading.vendors.remember(line.word(2)),
    version,
    expiry,
    count,
    attributes,
    at: line.at,
    usable: findings.lineIsSound,
  };
  if (key !== undefined) feature.key = key;
  return feature;
}

/**
 * UPGRADE name vendor from_version to_version exp_date num_lic [key] [attributes]
 * Source: End User Guide v10, App. B, "UPGRADE Lines".
 */
export function parseUpgrade(reading: Reading): UpgradeLine | UnknownLine {
  const { line, findings } = reading;
  if (line.wordCount < 7) {
    return incompleteLine(
      line,
      findings,
      'a name, a vendor, two versions, an expiry date and a count',
      -2,
    );
  }
  const fromVersion = readVersion(reading, 3);
  const version = readVersion(reading, 4);
  const expiry = readExpiry(reading, 5);
  const count = readCount(reading, 6);
  const { attributes, key } = parseAttributeWords(reading, 7, 'upgrade');
  const upgrade: Mutable<UpgradeLine> = {
    kind: 'upgrade',
    start: line.start,
    end: line.end,
    line: line.line,
    lineCount: line.lineCount,
    name: line.word(1),
    vendor: line.word(2),
    fromVersion,
    version,
    expiry,
    count,
    attributes,
    at: line.at,
    usable: findings.lineIsSound,
  };
  if (key !== undefined) upgrade.key = key;
  return upgrade;
}

/**
 * PACKAGE name vendor [version] [key] COMPONENTS="..." [OPTIONS=SUITE|SUITE_RESERVED] [attributes]
 * Source: End User Guide v10, App. B, "PACKAGE Lines"; error -82.
 */
export function parsePackage(reading: Reading): PackageLine | UnknownLine {
  const { line, findings } = reading;
  if (line.wordCount < 3)
    return incompleteLine(line, findings, 'a name, a vendor and COMPONENTS', -82);
  const versionGiven = hasPackageVersion(line);
  const version = versionGiven ? readVersion(reading, 3) : undefined;
  const words = parseAttributeWords(reading, versionGiven ? 4 : 3, 'package');
  if (!words.components) {
    findings.add(line, line.wordCount, {
      rule: 'missing-field',
      severity: 'error',
      message: 'expected COMPONENTS="name ...", got a PACKAGE line without it',
      flexnetCode: -82,
    });
  }
  const { attributes, key, components = [], suite = 'none' } = words;
  const pack: Mutable<PackageLine> = {
    kind: 'package',
    start: line.start,
    end: line.end,
    line: line.line,
    lineCount: line.lineCount,
    name: line.word(1),
    vendor: line.word(2),
    components,
    suite,
    attributes,
    at: line.at,
    usable: findings.lineIsSound,
  };
  if (version !== undefined) pack.version = version;
  if (key !== undefined) pack.key = key;
  return pack;
}

/** A version may be left out, and a key may follow: a bare word is one or the other. */
function hasPackageVersion(line: LogicalLine): boolean {
  if (!isBare(line, 3)) return false;
  return isVersion(line.word(3)) || isBare(line, 4) || !isKey(line.word(3));
}

function isBare(line: LogicalLine, index: number): boolean {
  if (index >= line.wordCount || line.value(index) !== undefined) return false;
  return attributeNamed(line.word(index)) === undefined;
}

function readVersion({ line, findings, versions }: Reading, index: number): string {
  const known = versions.recall(line, index);
  if (known !== undefined) return known;
  const version = line.word(index);
  if (isVersion(version)) return versions.remember(version);
  findings.add(line, index, {
    rule: 'bad-version',
    severity: 'error',
    message: `version: expected digits with at most one dot, got "${version}"`,
    flexnetCode: -77,
  });
  return version;
}

function readExpiry({ line, findings, expiries }: Reading, index: number): Expiry {
  const known = expiries.recall(line, index);
  if (known) return known;
  const text = line.word(index);
  const expiry = parseExpiry(text);
  if (expiry) return expiries.remember(expiry);
  findings.add(line, index, {
    rule: 'bad-date',
    severity: 'error',
    message: `expiry date: expected a date such as 31-dec-2031, or permanent, got "${text}"`,
    flexnetCode: -11,
  });
  // The line is not usable; its text is kept for printing.
  return { kind: 'permanent', text };
}

function readCount({ line, findings, counts }: Reading, index: number): number {
  const known = counts.recall(line, index);
  if (known !== undefined) return known;
  const text = line.word(index);
  const count = text.toLowerCase() === 'uncounted' ? 0 : parseWhole(text);
  if (count !== undefined) return counts.remember(count);
  findings.add(line, index, {
    rule: 'bad-count',
    severity: 'error',
    message: `count: expected a whole number, or uncounted, got "${text}"`,
    flexnetCode: -2,
  });
  return COUNT_UNREADABLE;
}
