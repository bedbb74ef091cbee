import { describe, expect, test } from 'vitest';
import { decodeText } from '../../../src/domain/text-encoding.ts';
import {
  corpusIsHere,
  languages,
  realFiles,
  type Sample,
  shown,
  titleOfRealFiles,
} from './make.ts';

/**
 * Lists of lines that another parser, made after the License Administration Guide, accepts or rejects: a
 * good line must be read without error, a bad one must be told of.
 */
const lists = realFiles.filter(({ name }) => name.includes('licscanner-lines'));

/** Each statement of a list by its number, and what is found in it. */
function statementsOf({ language, name, bytes }: Sample) {
  const source = decodeText(name, bytes);
  const { lines, findings } = languages[language](source);
  return lines
    .filter(({ kind }) => kind !== 'comment' && kind !== 'blank')
    .map(({ start, end, line, lineCount }) => ({
      line,
      text: source.text.slice(start, end).trim(),
      found: findings.filter((finding) => finding.line >= line && finding.line < line + lineCount),
    }));
}

/** Lines that are accepted there and refused here. */
const refusedHere: Readonly<Record<string, string>> = {
  // The list shows the grammar with words for versions; no daemon takes a word for a number.
  'UPGRADE feature vendor from_feat_version to_feat_version': 'error bad-version -77',
};

describe.skipIf(!corpusIsHere)(titleOfRealFiles('lines of a list'), () => {
  test.each(lists.filter(({ name }) => name.includes('accepted')))(
    '$name: no line is an error',
    (list) => {
      const statements = statementsOf(list);
      expect(statements.length).toBeGreaterThan(30);
      for (const { text, found } of statements) {
        const errors = shown(found.filter(({ severity }) => severity === 'error'));
        const reason = Object.entries(refusedHere).find(([line]) => text.startsWith(line))?.[1];
        const kinds = new Set(errors.map((error) => error.replace(/ \d+:\d+/, '')));
        expect([...kinds], text).toEqual(reason === undefined ? [] : [reason]);
      }
    },
  );

  test.each(lists.filter(({ name }) => name.includes('rejected')))(
    '$name: every line is told of',
    (list) => {
      const statements = statementsOf(list);
      expect(statements.length).toBeGreaterThan(15);
      expect(statements.filter(({ found }) => found.length === 0)).toEqual([]);
    },
  );

  test('what is warned of in good lines is a rule without a feature', () => {
    const warned = lists
      .filter(({ name }) => name.includes('accepted'))
      .flatMap(statementsOf)
      .filter(({ found }) => found.some(({ severity }) => severity === 'warning'));
    expect(warned.map(({ text }) => text)).toEqual(['LINGER 0', 'TIMEOUT 0']);
  });
});
