import { changedExtent, printLines } from '../language/changed-lines.ts';
import { inQuotes } from '../language/quoting.ts';
import { type Attribute, attributes as attributeRows } from './attributes.ts';
import type {
  Attributes,
  FeatureLine,
  LicenseFile,
  PackageLine,
  ServerLine,
  UpgradeLine,
  UseServerLine,
  VendorLine,
} from './model.ts';
import { isVersion } from './versions.ts';

/** The lines that can be printed from their fields. */
export type PrintableLine =
  | ServerLine
  | VendorLine
  | UseServerLine
  | FeatureLine
  | PackageLine
  | UpgradeLine;

/** Generators break lines before this column; old clients need it (End User Guide v10, App. B). */
const COLUMNS_MAX = 78;

/**
 * The text of a license file. Lines as they were read give their exact characters; those put in by
 * `replaceLine` are printed by the attribute table, with the line end of what they replace.
 * @throws KnownError LICENSE_SYNTAX if a changed line holds what the language cannot say.
 */
export function printLicenseFile(file: LicenseFile): string {
  return printLines(file, (line) => printLine(line as PrintableLine));
}

/**
 * The file with `line` in place of the line at `index`, to be printed from its fields.
 * @throws KnownError LICENSE_SYNTAX if the file has no such line, or `line` holds what cannot be
 * printed.
 */
export function replaceLine(file: LicenseFile, index: number, line: PrintableLine): LicenseFile {
  const changed = { ...line, ...changedExtent(file, index, 'LICENSE_SYNTAX') };
  printLine(changed);
  return { ...file, lines: file.lines.with(index, changed) };
}

/**
 * One line in the form generators write, without its line end; long ones are continued.
 * @throws KnownError LICENSE_SYNTAX if a text holds a quotation mark or a line end, which no
 * quoting saves.
 */
export function printLine(line: PrintableLine): string {
  const [first = '', ...words] = wordsOf(line);
  let printed = first;
  let column = first.length;
  for (const word of words) {
    // Two columns are for the blank and the backslash.
    const fits = column + 1 + word.length + 2 <= COLUMNS_MAX;
    printed += fits ? ` ${word}` : ` \\\n\t${word}`;
    column = fits ? column + 1 + word.length : word.length + 1;
  }
  return printed;
}

function wordsOf(line: PrintableLine): readonly string[] {
  switch (line.kind) {
    case 'server':
      return serverWords(line);
    case 'vendor':
      return vendorWords(line);
    case 'useServer':
      return ['USE_SERVER'];
    case 'feature':
      return [line.keyword, ...[line.name, line.vendor, line.version].map(quoted), ...tail(line)];
    case 'upgrade': {
      const { name, vendor, fromVersion, version } = line;
      return ['UPGRADE', ...[name, vendor, fromVersion, version].map(quoted), ...tail(line)];
    }
    case 'package':
      return packageWords(line);
  }
}

function serverWords(line: ServerLine): readonly string[] {
  const words = ['SERVER', quoted(line.host), ...line.hostids.map(hostid)];
  if (line.port !== undefined) words.push(String(line.port));
  if (line.primaryIsMaster) words.push('PRIMARY_IS_MASTER');
  const { heartbeatIntervalSeconds, platformMask } = line;
  if (heartbeatIntervalSeconds !== undefined) {
    words.push(`HEARTBEAT_INTERVAL=${heartbeatIntervalSeconds}`);
  }
  if (platformMask !== undefined) words.push(`PLAT=${platformMask}`);
  return words;
}

function vendorWords(line: VendorLine): readonly string[] {
  const words: string[] = [line.keyword, quoted(line.vendor)];
  if (line.daemonPath !== undefined) words.push(quoted(line.daemonPath));
  if (line.optionsPath !== undefined) words.push(`OPTIONS=${quotedValue(line.optionsPath)}`);
  if (line.port !== undefined) words.push(`PORT=${line.port}`);
  return words;
}

/** What FEATURE, INCREMENT and UPGRADE have in common, from the expiry date on. */
function tail(line: FeatureLine | UpgradeLine): readonly string[] {
  const count = line.count === 0 ? 'uncounted' : String(line.count);
  const key = line.key === undefined ? [] : [quoted(line.key)];
  return [quoted(line.expiry.text), count, ...key, ...attributeWords(line.attributes)];
}

function packageWords(line: PackageLine): readonly string[] {
  const { name, vendor, version, key, components, suite, attributes } = line;
  const own = {
    ...attributes,
    ...(components.length > 0 ? { components } : {}),
    ...(suite === 'none' ? {} : { suite }),
  };
  const words = attributeWords(own);
  // A key of digits alone would be read as the version that is not there: behind an attribute it is none.
  const behind = version === undefined && key !== undefined && isVersion(key);
  if (behind) words.splice(1, 0, quoted(key));
  const positional = [name, vendor, version, behind ? undefined : key];
  return ['PACKAGE', ...positional.filter((word) => word !== undefined).map(quoted), ...words];
}

/**
 * In the order of the table, then the words without a row: behind an attribute a bare word cannot
 * be taken for the license key.
 */
function attributeWords(attributes: Attributes): string[] {
  const words: string[] = [];
  for (const row of attributeRows as readonly unknown[] as readonly Attribute[]) {
    const field = (attributes as Readonly<Record<string, never>>)[row.field];
    const value = field === undefined ? undefined : row.form.print(field);
    if (value !== undefined) words.push(assigned(row.name, value));
  }
  for (const { name, value } of attributes.others ?? []) words.push(assigned(quoted(name), value));
  return words;
}

function assigned(name: string, value: string | true): string {
  if (value === true) return name;
  return `${name}=${isBalanced(value) ? value : quotedValue(value)}`;
}

/** A decimal host id begins with the sign that elsewhere begins a comment. */
function hostid(word: string): string {
  return /^#\d+$/.test(word) ? word : quotedValue(word);
}

/** No blank of any script, nothing that quotes, continues or begins a comment or a list. */
const plainValue = /^[^\s\x85\u200b"\\{#][^\s\x85\u200b"\\]*$/;

/** A word on its own: an `=` in it must not make it an attribute. */
function quoted(word: string): string {
  return word.includes('=') ? quotes(word) : quotedValue(word);
}

/** A value behind an `=`: as it stands, or in quotes. */
function quotedValue(word: string): string {
  return plainValue.test(word) ? word : quotes(word);
}

function quotes(word: string): string {
  return isBraced(word) ? word : inQuotes(word, 'license line', 'LICENSE_SYNTAX');
}

/**
 * `NAME={ ... "..." }` where it is no attribute: quotation marks show that it was read as one word.
 */
function isBraced(word: string): boolean {
  const equals = word.indexOf('=');
  return (
    word.includes('"') &&
    /^(?:[^\s"]|"[^"\n]*")*$/.test(word.slice(0, equals)) &&
    isBalanced(word.slice(equals + 1))
  );
}

/**
 * `{...}` with its braces closed and its quotes in pairs, as AUTH has: it needs no quotes around
 * it.
 */
function isBalanced(value: string): boolean {
  if (!value.startsWith('{') || value.includes('\n')) return false;
  let depth = 0;
  let inQuotes = false;
  for (let i = 0; i < value.length; i++) {
    const character = value[i];
    if (character === '"') inQuotes = !inQuotes;
    if (inQuotes) continue;
    if (character === '{') depth++;
    if (character === '}' && --depth === 0) return i === value.length - 1;
  }
  return false;
}
