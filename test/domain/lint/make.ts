import { existsSync, readFileSync } from 'node:fs';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import { lint } from '../../../src/domain/lint/lint.ts';
import type { LintReport } from '../../../src/domain/lint/report.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import type { Finding, SourceText } from '../../../src/domain/source.ts';
import { decodeText } from '../../../src/domain/text-encoding.ts';
import { monday } from '../../make.ts';

/** The files of one lint run; what a test leaves out is not there. */
export interface LintFiles {
  readonly license?: string;
  readonly options?: string;
  readonly vendor?: string;
  readonly now?: number;
  readonly timeZone?: string;
}

/** A source text with a name for messages. */
export function makeSource(text: string, name = 'test.lic'): SourceText {
  return { name, text, encoding: 'utf-8' };
}

/** Lints a license text and an options text as one license manager would read them, on Monday. */
export function lintTexts({ license, options, vendor, now = monday, timeZone = 'UTC' }: LintFiles) {
  return lint({
    licenses: license === undefined ? [] : [parseLicenseFile(makeSource(license))],
    options:
      options === undefined
        ? []
        : [
            {
              file: parseOptionsFile(makeSource(options, 'test.opt')),
              ...(vendor === undefined ? {} : { vendor }),
            },
          ],
    now,
    timeZone,
  });
}

/** `SERVER`, `VENDOR acmed`, and the lines that a test is about. */
export function served(...lines: readonly string[]): string {
  return `${['SERVER this_host ANY 27000', 'VENDOR acmed', ...lines].join('\n')}\n`;
}

/** `rule 3:9` per finding, for short expectations. */
export function placesOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ rule, line, column }) => `${rule} ${line}:${column}`);
}

export function ruleIds(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ rule }) => rule);
}

const fixtures = new URL('../../../fixtures/', import.meta.url);

/** Lints `fixtures/<path>.lic` and `.opt`, whichever are there. */
export function lintFixture(path: string): LintReport {
  const sources = ['lic', 'opt']
    .map((extension) => new URL(`${path}.${extension}`, fixtures))
    .filter((url) => existsSync(url))
    .map((url) => decodeText(url.pathname.split('/').at(-1)!, readFileSync(url)));
  const findings = lint({
    licenses: sources.filter(({ name }) => name.endsWith('.lic')).map(parseLicenseFile),
    options: sources
      .filter(({ name }) => name.endsWith('.opt'))
      .map((source) => ({ file: parseOptionsFile(source) })),
    now: monday,
    timeZone: 'UTC',
  });
  return { findings, sources };
}
