import type { LicenseFile, LicenseLine } from '../../../src/domain/license/model.ts';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';

/** The file that a text is. */
export function parseText(text: string, name = 'test.lic'): LicenseFile {
  return parseLicenseFile({ name, text, encoding: 'utf-8' });
}

/** The line of a text that is one line, of the kind the test is about. */
export function parseLine<K extends LicenseLine['kind']>(
  kind: K,
  text: string,
): Extract<LicenseLine, { readonly kind: K }> {
  const line = parseText(text).lines.find((each) => each.kind === kind);
  if (!line) throw new Error(`expected a ${kind} line in ${text}`);
  return line as Extract<LicenseLine, { readonly kind: K }>;
}

/** `line:column severity rule` of each finding, with the FlexNet code where there is one. */
export function findingsOf({ findings }: Pick<LicenseFile, 'findings'>): readonly string[] {
  return findings.map(({ line, column, severity, rule, flexnetCode }) => {
    const code = flexnetCode === undefined ? '' : ` ${flexnetCode}`;
    return `${line}:${column} ${severity} ${rule}${code}`;
  });
}
