import { expect, test } from 'vitest';
import type { Rule } from '../../../src/domain/options/model.ts';
import { printRule, replaceRule } from '../../../src/domain/options/print.ts';
import { expectReprint, parseOptions, type Reprint } from '../language/make.ts';

/** One line in its file; what is printed for the file when that line is printed anew. */
const canonical: readonly Reprint[] = [
  {
    what: 'a rule in upper case with one blank between words',
    before: ' Reserve  2\tf:VERSION=1.0 Group g  # why\r\nGROUP g a\r\n',
    index: 0,
    after: 'RESERVE 2 f:VERSION=1.0 GROUP g\r\nGROUP g a\r\n',
  },
  { what: 'a group in one line', before: 'group g a \\\n b', index: 0, after: 'GROUP g a b' },
  {
    what: 'a feature with a colon in quotes',
    before: 'MAX 1 "a:b  KEY=x y" hostgroup h\n',
    index: 0,
    after: 'MAX 1 "a:b KEY=x y" HOST_GROUP h\n',
  },
  {
    what: 'a path with its plus sign in quotes',
    before: 'debuglog "+C:\\my logs\\d.log" auto_rollover 20\n',
    index: 0,
    after: 'DEBUGLOG "+C:\\my logs\\d.log" AUTO_ROLLOVER 20\n',
  },
  {
    what: 'the byte-order mark of an options file',
    before: '\ufeffTIMEOUTALL  900\n',
    index: 0,
    after: '\ufeffTIMEOUTALL 900\n',
  },
  {
    what: 'words of a selector with a colon',
    before: 'TIMEOUT "f K:L=v" 900\n',
    index: 0,
    after: 'TIMEOUT "f K:L=v" 900\n',
  },
];

test.each(canonical)('a changed rule has $what', (row) => {
  expectReprint('options', row);
});

test('names that could be taken for something else are quoted', () => {
  const rule: Rule = { keyword: 'GROUP', name: '#x', members: ['a b', 'c\\', '', 'd#', '{e'] };
  expect(printRule(rule)).toBe('GROUP "#x" "a b" "c\\" "" d# {e');
  expect(parseOptions(printRule(rule)).lines).toMatchObject([{ rule }]);
});

test('a rule is refused that holds a quotation mark or a line end', () => {
  for (const name of ['a"b', 'a\nb']) {
    const rule: Rule = { keyword: 'EXCLUDEALL', client: { type: 'USER', name } };
    const refusal = expect.objectContaining({ code: 'OPTIONS_SYNTAX' });
    expect(() => printRule(rule)).toThrow(refusal);
    expect(() => replaceRule(parseOptions('# one\n'), 0, rule)).toThrow(refusal);
  }
});
