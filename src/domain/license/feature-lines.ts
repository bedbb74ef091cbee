import { parseWhole } from './attribute-forms.ts';
import { isKey, parseAttributeWords } from './attribute-words.ts';
import { attributeNamed } from './attributes.ts';
import { parseExpiry } from './dates.ts';
import type { Findings } from './findings.ts';
import { incompleteLine, type Mutable } from './line-parts.ts';
import type { LogicalLine } from './logical-line.ts';
import type { Expiry, FeatureLine, PackageLine, UnknownLine, UpgradeLine } from './model.ts';
import { isVersion } from './versions.ts';

/**
 * The count of a line whose count cannot be read. Neither counted nor uncounted, the line is not usable,
 * and printed it is as unreadable as it was.
 */
export const COUNT_UNREADABLE = -1;

/**
 * FEATURE|INCREMENT name vendor version exp_date num_lic [key] [attributes]
 * Source: End User Guide v10, App. B, "FEATURE/INCREMENT Lines".
 */
export function parseFeature(
  line: LogicalLine,
  findings: Findings,
  keyword: FeatureLine['keyword'],
): FeatureLine | UnknownLine {
  if (line.wordCount < 6) {
    return incompleteLine(
      line,
      findings,
      'a name, a vendor, a version, an expiry date and a count',
      -2,
    );
  }
  const version = readVersion(line, 3, findings);
  const expiry = readExpiry(line, 4, findings);
  const count = readCount(line, 5, findings);
  const { attributes, key } = parseAttributeWords(line, 6, 'feature', findings);
  const feature: Mutable<FeatureLine> = {
    kind: 'feature',
    start: line.start,
    end: line.end,
    line: line.line,
    lineCount: line.lineCount,
    keyword,
    name: line.word(1),
    vendor: line.word(2),
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
export function parseUpgrade(line: LogicalLine, findings: Findings): UpgradeLine | UnknownLine {
  if (line.wordCount < 7) {
    return incompleteLine(
      line,
      findings,
      'a name, a vendor, two versions, an expiry date and a count',
      -2,
    );
  }
  const fromVersion = readVersion(line, 3, findings);
  const version = readVersion(line, 4, findings);
  const expiry = readExpiry(line, 5, findings);
  const count = readCount(line, 6, findings);
  const { attributes, key } = parseAttributeWords(line, 7, 'upgrade', findings);
  return {
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
    ...(key === undefined ? {} : { key }),
    attributes,
    at: line.at,
    usable: findings.lineIsSound,
  };
}

/**
 * PACKAGE name vendor [version] [key] COMPONENTS="..." [OPTIONS=SUITE|SUITE_RESERVED] [attributes]
 * Source: End User Guide v10, App. B, "PACKAGE Lines"; error -82.
 */
export function parsePackage(line: LogicalLine, findings: Findings): PackageLine | UnknownLine {
  if (line.wordCount < 3)
    return incompleteLine(line, findings, 'a name, a vendor and COMPONENTS', -82);
  const versionGiven = hasPackageVersion(line);
  const version = versionGiven ? readVersion(line, 3, findings) : undefined;
  const words = parseAttributeWords(line, versionGiven ? 4 : 3, 'package', findings);
  if (!words.components) {
    findings.add(line.place(line.wordCount), {
      rule: 'missing-field',
      severity: 'error',
      message: 'expected COMPONENTS="name ...", got a PACKAGE line without it',
      flexnetCode: -82,
    });
  }
  return {
    kind: 'package',
    start: line.start,
    end: line.end,
    line: line.line,
    lineCount: line.lineCount,
    name: line.word(1),
    vendor: line.word(2),
    ...(version === undefined ? {} : { version }),
    components: words.components ?? [],
    suite: words.suite ?? 'none',
    ...(words.key === undefined ? {} : { key: words.key }),
    attributes: words.attributes,
    at: line.at,
    usable: findings.lineIsSound,
  };
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

function readVersion(line: LogicalLine, index: number, findings: Findings): string {
  const version = line.word(index);
  if (!isVersion(version)) {
    findings.add(line.place(index), {
      rule: 'bad-version',
      severity: 'error',
      message: `version: expected digits with at most one dot, got "${version}"`,
      flexnetCode: -77,
    });
  }
  return version;
}

function readExpiry(line: LogicalLine, index: number, findings: Findings): Expiry {
  const text = line.word(index);
  const expiry = parseExpiry(text);
  if (expiry) return expiry;
  findings.add(line.place(index), {
    rule: 'bad-date',
    severity: 'error',
    message: `expiry date: expected a date such as 31-dec-2031, or permanent, got "${text}"`,
    flexnetCode: -11,
  });
  // The line is not usable; its text is kept for printing.
  return { kind: 'permanent', text };
}

function readCount(line: LogicalLine, index: number, findings: Findings): number {
  const text = line.word(index);
  const count = text.toLowerCase() === 'uncounted' ? 0 : parseWhole(text);
  if (count !== undefined) return count;
  findings.add(line.place(index), {
    rule: 'bad-count',
    severity: 'error',
    message: `count: expected a whole number, or uncounted, got "${text}"`,
    flexnetCode: -2,
  });
  return COUNT_UNREADABLE;
}
