import { changedExtent, printLines } from '../language/changed-lines.ts';
import { inQuotes } from '../language/quoting.ts';
import { keywordRow } from './keywords.ts';
import type { OptionsFile, OptionsRule, Rule } from './model.ts';

/**
 * The text of an options file. Lines as they were read give their exact characters; those put in by
 * `replaceRule` are printed by the keyword table, with the line end of what they replace.
 * @throws KnownError OPTIONS_SYNTAX if a changed rule holds what the language cannot say.
 */
export function printOptionsFile(file: OptionsFile): string {
  return printLines(file, (line) => printRule((line as OptionsRule).rule));
}

/**
 * The file with `rule` in place of the line at `index`, to be printed from its fields.
 * @throws KnownError OPTIONS_SYNTAX if the file has no such line, or `rule` holds what cannot be
 * printed.
 */
export function replaceRule(file: OptionsFile, index: number, rule: Rule): OptionsFile {
  const extent = changedExtent(file, index, 'OPTIONS_SYNTAX');
  printRule(rule);
  const replaced = file.lines[index]!;
  const at = 'at' in replaced ? replaced.at : { line: replaced.line, column: 1 };
  return { ...file, lines: file.lines.with(index, { kind: 'rule', ...extent, at, rule }) };
}

/**
 * One rule as a line, without its line end.
 * @throws KnownError OPTIONS_SYNTAX if a text holds a quotation mark or a line end, which no
 * quoting saves.
 */
export function printRule(rule: Rule): string {
  const values: Readonly<Record<string, unknown>> = { ...rule };
  const words: string[] = [rule.keyword];
  let prefix = '';
  for (const [name, field] of keywordRow(rule.keyword).fields) {
    const value = values[name];
    if (value === undefined) continue;
    const printed = field.print(value);
    if (field.glued) {
      prefix = printed.join('');
      continue;
    }
    words.push(...printed.map((word, index) => quoted(index === 0 ? prefix + word : word)));
    prefix = '';
  }
  return words.join(' ');
}

function quoted(word: string): string {
  // A `#` could start a comment, a backslash continue the line.
  const plain = word !== '' && !/[\s\x85\u200b\\"]|^#/.test(word);
  return plain ? word : inQuotes(word, 'options line', 'OPTIONS_SYNTAX');
}
