import { KnownError } from '../../base/errors.ts';
import { behindMark } from '../license/print.ts';
import { keywordRow } from './keywords.ts';
import type { OptionsFile, OptionsRule, Rule } from './model.ts';

/**
 * The text of an options file. Lines as they were read give their exact characters; those put in by
 * `replaceRule` are printed by the keyword table, with the line end of what they replace.
 * @throws KnownError OPTIONS_SYNTAX if a changed rule holds what the language cannot say.
 */
export function printOptionsFile(file: OptionsFile): string {
  const { text } = file.source;
  let printed = '';
  let kept = 0;
  for (const line of file.lines) {
    if (!line.changed || line.kind !== 'rule') continue;
    const lineEnd =
      /\r?\n$/.exec(text.slice(Math.max(line.start, line.end - 2), line.end))?.[0] ?? '';
    printed += text.slice(kept, behindMark(line, text)) + printRule(line.rule) + lineEnd;
    kept = line.end;
  }
  return printed + text.slice(kept);
}

/**
 * The file with `rule` in place of the line at `index`, to be printed from its fields.
 * @throws KnownError OPTIONS_SYNTAX if the file has no such line, or `rule` holds what cannot be
 * printed.
 */
export function replaceRule(file: OptionsFile, index: number, rule: Rule): OptionsFile {
  const replaced = file.lines[index];
  if (!replaced) {
    throw new KnownError(
      'OPTIONS_SYNTAX',
      `${file.source.name}: expected the index of one of ${file.lines.length} lines, got ${index}`,
      { index },
    );
  }
  printRule(rule);
  const { start, end, line, lineCount } = replaced;
  const at = 'at' in replaced ? replaced.at : { line, column: 1 };
  const changed: OptionsRule = {
    kind: 'rule',
    start,
    end,
    line,
    lineCount,
    changed: true,
    at,
    rule,
  };
  return { ...file, lines: file.lines.with(index, changed) };
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
  if (/["\n]/.test(word)) {
    throw new KnownError(
      'OPTIONS_SYNTAX',
      `options line: expected no quotation marks or line ends, got ${JSON.stringify(word)}`,
      { word },
    );
  }
  // A `#` could start a comment, a backslash continue the line.
  return word === '' || /[\s\x85\u200b\\]|^#/.test(word) ? `"${word}"` : word;
}
