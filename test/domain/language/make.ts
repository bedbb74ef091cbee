import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type {
  FeatureLine,
  LicenseFile,
  LicenseLine,
  PackageLine,
  ServerLine,
  UpgradeLine,
  VendorLine,
} from '../../../src/domain/license/model.ts';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import {
  type PrintableLine,
  printLicenseFile,
  replaceLine,
} from '../../../src/domain/license/print.ts';
import type { OptionsFile, OptionsLine } from '../../../src/domain/options/model.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import { printOptionsFile, replaceRule } from '../../../src/domain/options/print.ts';
import type { Finding, SourceText } from '../../../src/domain/source.ts';
import { decodeText } from '../../../src/domain/text-encoding.ts';

export function makeSource(text: string, name = 'test.lic'): SourceText {
  return { name, text, encoding: 'utf-8' };
}

export function parseLicense(text: string): LicenseFile {
  return parseLicenseFile(makeSource(text));
}

export function parseOptions(text: string): OptionsFile {
  return parseOptionsFile(makeSource(text, 'test.opt'));
}

/** The only line of a license text. */
export function licenseLine(text: string): LicenseLine {
  const { lines } = parseLicense(text);
  if (lines.length !== 1) throw new Error(`expected one line, got ${lines.length}`);
  return lines[0]!;
}

interface LineOfKind {
  readonly server: ServerLine;
  readonly vendor: VendorLine;
  readonly feature: FeatureLine;
  readonly package: PackageLine;
  readonly upgrade: UpgradeLine;
}

/** The only line of a text, which is of that kind. */
export function lineOf<K extends keyof LineOfKind>(kind: K, text: string): LineOfKind[K] {
  const line = licenseLine(text);
  if (line.kind !== kind) throw new Error(`expected a ${kind} line, got ${line.kind}`);
  return line as LineOfKind[K];
}

/** The attributes of `INCREMENT f acmed 1.0 permanent 1` and these words. */
export function attributesOf(words: string): FeatureLine['attributes'] {
  return lineOf('feature', `INCREMENT f acmed 1.0 permanent 1 ${words}`).attributes;
}

/** `error bad-date 3:9 -11` per finding, for short expectations. */
export function shown(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ severity, rule, line, column, flexnetCode }) =>
    [severity, rule, `${line}:${column}`, ...(flexnetCode === undefined ? [] : [flexnetCode])].join(
      ' ',
    ),
  );
}

export function licenseFindings(text: string): readonly string[] {
  return shown(parseLicense(text).findings);
}

export function optionsFindings(text: string): readonly string[] {
  return shown(parseOptions(text).findings);
}

/** What the tests of both languages ask for: reading, writing, and writing a line from its fields. */
export interface Reading {
  readonly lines: readonly (LicenseLine | OptionsLine)[];
  readonly findings: readonly Finding[];
  readonly printed: string;
  /** The text with the line at `index` printed from its fields; undefined if it is no such line. */
  readonly reprinted: (index: number) => string | undefined;
}

export const languages = { license: readLicense, options: readOptions } as const;

export type LanguageName = keyof typeof languages;

export const languageNames = Object.keys(languages) as readonly LanguageName[];

const printable: ReadonlySet<string> = new Set<PrintableLine['kind']>([
  'server',
  'vendor',
  'useServer',
  'feature',
  'package',
  'upgrade',
]);

function readLicense(source: SourceText): Reading {
  const file = parseLicenseFile(source);
  return {
    lines: file.lines,
    findings: file.findings,
    printed: printLicenseFile(file),
    reprinted: (index) => {
      const line = file.lines[index]!;
      if (!printable.has(line.kind)) return undefined;
      return printLicenseFile(replaceLine(file, index, line as PrintableLine));
    },
  };
}

function readOptions(source: SourceText): Reading {
  const file = parseOptionsFile(source);
  return {
    lines: file.lines,
    findings: file.findings,
    printed: printOptionsFile(file),
    reprinted: (index) => {
      const line = file.lines[index]!;
      if (line.kind !== 'rule') return undefined;
      return printOptionsFile(replaceRule(file, index, line.rule));
    },
  };
}

/** What a line says, wherever it stands and however it is spaced. */
export function meaningOf(line: LicenseLine | OptionsLine | undefined): unknown {
  if (!line) return undefined;
  const { start, end, line: first, lineCount, changed, ...rest } = line;
  if (!('at' in rest)) return rest;
  const { at, ...meaning } = rest;
  return meaning;
}

/** One line of `before`, printed from its fields, gives `after`, where it says the same. */
export interface Reprint {
  readonly what: string;
  readonly before: string;
  readonly index: number;
  readonly after: string;
}

export function expectReprint(language: LanguageName, { before, index, after }: Reprint): void {
  const read = languages[language](makeSource(before));
  expect(read.reprinted(index)).toBe(after);
  const again = languages[language](makeSource(after));
  expect(meaningOf(again.lines[index])).toEqual(meaningOf(read.lines[index]));
}

export interface Sample {
  readonly language: LanguageName;
  /** `licenses/ansys.lic` */
  readonly name: string;
  readonly bytes: Buffer;
}

function samplesIn(root: URL, folders: readonly string[]): readonly Sample[] {
  return folders.flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, root)).map((file) => ({
      language: file.endsWith('.opt') ? ('options' as const) : ('license' as const),
      name: `${folder}/${file}`,
      bytes: readFileSync(new URL(`${folder}/${file}`, root)),
    })),
  );
}

export const fixtures = samplesIn(new URL('../../../fixtures/', import.meta.url), [
  'licenses',
  'options',
  'lint',
]);

/** The text of a fixture, such as `licenses/ansys.lic`. */
export function fixtureOf(name: string): SourceText {
  const fixture = fixtures.find((each) => each.name === name);
  if (!fixture) throw new Error(`expected fixtures/${name}`);
  return decodeText(name, fixture.bytes);
}

/** The names of the fixtures of a table, without what all of them have. */
export function fixtureNames(pattern: RegExp): readonly string[] {
  return fixtures.flatMap(({ name }) => pattern.exec(name)?.[1] ?? []);
}

const corpus = new URL('../../../../shared/corpus/', import.meta.url);

/** False where the repository was cloned alone. */
export const corpusIsHere = existsSync(corpus);

/** Real files, or none where the corpus is not at hand. */
export const realFiles: readonly Sample[] = corpusIsHere
  ? samplesIn(corpus, ['license-files', 'options-files'])
  : [];

/** Says why tests of real files are passed over; the title of such tests. */
export function titleOfRealFiles(what: string): string {
  if (corpusIsHere) return what;
  const title = `${what} (skipped: no corpus beside the repository)`;
  console.log(title);
  return title;
}
