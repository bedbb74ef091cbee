import { extentOf, unknownLine } from '../language/line-parts.ts';
import { parseFeature, parsePackage, parseUpgrade } from './feature-lines.ts';
import type { LicenseLine } from './model.ts';
import type { ParseLine, Reading } from './reading.ts';
import { parseServer, parseUseServer, parseVendor } from './server-lines.ts';

/** A row of the table: what starts a line, and how the line is read. */
export interface LineKind {
  readonly word: string;
  readonly parse: ParseLine;
  /** Where the line is documented. */
  readonly source: string;
}

/** The statements of the license-file language. EUG10: FLEXnet Licensing End User Guide v10. */
export const lineKinds: readonly LineKind[] = [
  { word: 'SERVER', parse: parseServer, source: 'LAG "SERVER Lines"' },
  {
    word: 'VENDOR',
    parse: (reading) => parseVendor(reading, 'VENDOR'),
    source: 'LAG "VENDOR Lines"',
  },
  {
    word: 'DAEMON',
    parse: (reading) => parseVendor(reading, 'DAEMON'),
    source: 'EUG10 App. B: before v6',
  },
  { word: 'USE_SERVER', parse: parseUseServer, source: 'LAG "USE_SERVER Lines"' },
  {
    word: 'FEATURE',
    parse: (reading) => parseFeature(reading, 'FEATURE'),
    source: 'LAG "FEATURE and INCREMENT Lines"',
  },
  {
    word: 'INCREMENT',
    parse: (reading) => parseFeature(reading, 'INCREMENT'),
    source: 'LAG "FEATURE and INCREMENT Lines"',
  },
  { word: 'PACKAGE', parse: parsePackage, source: 'EUG10 App. B, "PACKAGE Lines"' },
  { word: 'UPGRADE', parse: parseUpgrade, source: 'EUG10 App. B, "UPGRADE Lines"' },
  { word: 'FEATURESET', parse: parseFeatureset, source: 'errors -54 to -56' },
];

/** Statements of the options-file language: in a license file a daemon passes over them. */
export const optionsFileWords: readonly string[] = [
  'ACTIVATION_EXPIRY_DAYS',
  'ACTIVATION_LOWWATER',
  'AUTOMATIC_REREAD',
  'BORROW_LOWWATER',
  'DAEMON_SELECT_TIMEOUT',
  'DEBUGLOG',
  'EXCLUDE',
  'EXCLUDE_BORROW',
  'EXCLUDE_ENTITLEMENT',
  'EXCLUDEALL',
  'EXCLUDEALL_ENTITLEMENT',
  'FQDN_MATCHING',
  'GROUP',
  'GROUPCASEINSENSITIVE',
  'HOST_GROUP',
  'INCLUDE',
  'INCLUDE_BORROW',
  'INCLUDE_ENTITLEMENT',
  'INCLUDEALL',
  'INCLUDEALL_ENTITLEMENT',
  'LINGER',
  'MAX',
  'MAX_BORROW_HOURS',
  'MAX_CONNECTIONS',
  'MAX_OVERDRAFT',
  'NOLOG',
  'REPORTLOG',
  'RESERVE',
  'TIMEOUT',
  'TIMEOUTALL',
  'USER_GROUP',
];

const parseByWord = new Map<string, ParseLine>([
  ...lineKinds.map(({ word, parse }): [string, ParseLine] => [word, parse]),
  ...optionsFileWords.map((word): [string, ParseLine] => [word, parseOptionsKeyword]),
]);

const WORD_LENGTH_MAX = Math.max(...[...parseByWord.keys()].map((word) => word.length));

/**
 * Reads a line with at least one word by the table of line kinds; its first word may be in any
 * case.
 */
export function parseStatement(reading: Reading): LicenseLine {
  const { line, statements } = reading;
  const parse = statements.recall(line, 0) ?? statements.remember(parseOf(line.word(0)));
  return parse(reading);
}

function parseOf(word: string): ParseLine {
  if (word.length > WORD_LENGTH_MAX) return parseUnknown;
  return parseByWord.get(word) ?? parseByWord.get(word.toUpperCase()) ?? parseUnknown;
}

function parseFeatureset({ line, findings }: Reading): LicenseLine {
  findings.add(line, 0, {
    rule: 'unknown-keyword',
    severity: 'info',
    message: 'FEATURESET: its code is made by the vendor and not checked here',
  });
  return unknownLine(line);
}

function parseOptionsKeyword({ line, findings }: Reading): LicenseLine {
  const keyword = line.word(0);
  findings.add(line, 0, {
    rule: 'options-keyword-in-license',
    severity: 'warning',
    message: `expected a line of a license file, got ${keyword} of an options file: ignored here`,
  });
  return { kind: 'optionsKeyword', ...extentOf(line), keyword: keyword.toUpperCase(), at: line.at };
}

/**
 * `vendor-feature-01234-56789-...`: a FEATURE line in decimal groups (End User Guide v10, App. B).
 */
export const decimalLine = /^[A-Za-z]\w*-\w+(?:-\d{1,10}){3,}$/;

function parseUnknown({ line, findings }: Reading): LicenseLine {
  const unknown = unknownLine(line);
  const decimal = line.wordCount <= 2 && decimalLine.test(unknown.firstWord);
  findings.add(
    line,
    0,
    decimal
      ? {
          rule: 'decimal-line',
          severity: 'error',
          message: 'expected a readable line, got one in decimal format, which is not decoded here',
          flexnetCode: -99,
        }
      : {
          rule: 'unknown-keyword',
          severity: 'warning',
          message: `expected SERVER, VENDOR, FEATURE or the like, got "${unknown.firstWord}"`,
        },
  );
  return unknown;
}
