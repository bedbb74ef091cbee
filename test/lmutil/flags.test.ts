import { expect, test } from 'vitest';
import { KnownError } from '../../src/base/errors.ts';
import { parseArguments, renderFlags } from '../../src/lmutil/flags.ts';

const table = {
  a: { takes: 'nothing', summary: 'all' },
  c: { takes: 'value', value: 'path', summary: 'the path' },
  f: { takes: 'perhaps', value: 'feature', summary: 'a feature' },
  'no-user-info': { takes: 'nothing', summary: 'no users' },
} as const;

const parse = (...args: readonly string[]) => parseArguments(args, table);

test('flags and operands may come in any order', () => {
  const expected = { flags: { a: true, c: '27000@alpha' }, operands: ['solve'] };
  expect(parse('-a', '-c', '27000@alpha', 'solve')).toEqual(expected);
  expect(parse('solve', '-c', '27000@alpha', '-a')).toEqual(expected);
});

test('an optional value is taken unless a flag follows', () => {
  expect(parse('-f', 'solve', '-a').flags).toEqual({ f: 'solve', a: true });
  expect(parse('-f', '-a').flags).toEqual({ f: true, a: true });
  expect(parse('-f').flags).toEqual({ f: true });
});

test('a value is taken whatever it looks like; of two the last counts', () => {
  expect(parse('-c', '-a').flags).toEqual({ c: '-a' });
  expect(parse('-c', 'one', '-c', 'two').flags).toEqual({ c: 'two' });
});

test('one dash or two, but always the whole word', () => {
  expect(parse('--a', '-no-user-info').flags).toEqual({ a: true, 'no-user-info': true });
  expect(() => parse('-aa')).toThrow(KnownError);
});

test('a lone dash and an empty word are operands', () => {
  expect(parse('-', '').operands).toEqual(['-', '']);
});

test.each([
  [['-x'], '-x: expected a flag of this tool, got an unknown one'],
  [['-c'], '-c: expected path behind it, got nothing'],
  [['-constructor'], '-constructor: expected a flag of this tool, got an unknown one'],
])('wrong usage %j says what is wrong', (args, message) => {
  expect(() => parse(...args)).toThrow(message);
});

test('the usage text lists every flag with its value', () => {
  expect(renderFlags(table)).toBe(
    '  -a              all\n' +
      '  -c path         the path\n' +
      '  -f [feature]    a feature\n' +
      '  --no-user-info  no users\n',
  );
});
