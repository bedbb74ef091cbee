import { describe, expect, test } from 'vitest';
import { lintTexts, placesOf } from './make.ts';

const found = (...lines: readonly string[]): readonly string[] =>
  placesOf(lintTexts({ options: `${lines.join('\n')}\n` }));

const messagesOf = (...lines: readonly string[]): readonly string[] =>
  lintTexts({ options: `${lines.join('\n')}\n` }).map(({ message }) => message);

describe('who is excluded cannot be included', () => {
  test('by the same words, in whichever order', () => {
    expect(found('EXCLUDE f USER ana', 'INCLUDE f USER ana')).toEqual(['exclude-wins 2:1']);
    expect(found('RESERVE 1 f USER ana', 'EXCLUDE f USER ana')).toEqual(['exclude-wins 1:1']);
  });

  test('by a group that the client is in', () => {
    const group = 'GROUP night ana bo';
    expect(messagesOf(group, 'EXCLUDE f GROUP night', 'INCLUDE f USER bo')).toEqual([
      'expected f USER bo in one of EXCLUDE and INCLUDE, got EXCLUDE of GROUP night on line 2',
    ]);
    expect(found('HOST_GROUP farm n1', 'EXCLUDE f HOST_GROUP farm', 'RESERVE 1 f HOST n1')).toEqual(
      ['exclude-wins 3:1'],
    );
    const folded = ['GROUPCASEINSENSITIVE ON', group, 'EXCLUDE f GROUP night', 'INCLUDE f USER BO'];
    expect(found(...folded)).toEqual(['exclude-wins 4:1']);
    expect(found(...folded.slice(1))).toEqual([]);
  });

  test('from everything, or from all pools of a feature', () => {
    expect(found('EXCLUDEALL USER ana', 'INCLUDE f USER ana')).toEqual(['exclude-wins 2:1']);
    expect(found('EXCLUDEALL USER ana', 'INCLUDEALL USER ana')).toEqual(['exclude-wins 2:1']);
    expect(found('EXCLUDE f USER ana', 'INCLUDE f:VERSION=1.0 USER ana')).toEqual([
      'exclude-wins 2:1',
    ]);
    expect(found('EXCLUDE f USER ana', 'INCLUDE_BORROW f USER ana')).toEqual(['exclude-wins 2:1']);
  });

  test('while one of an included group may be excluded, and one pool of several', () => {
    expect(found('GROUP g ana bo', 'INCLUDE f GROUP g', 'EXCLUDE f USER ana')).toEqual([]);
    expect(found('EXCLUDE f:VERSION=1.0 USER ana', 'INCLUDE f USER ana')).toEqual([]);
    expect(found('EXCLUDE f USER ana', 'INCLUDE g USER ana')).toEqual([]);
    expect(found('EXCLUDE f HOST ana', 'INCLUDE f USER ana')).toEqual([]);
    expect(found('EXCLUDE_BORROW f USER ana', 'INCLUDE f USER ana')).toEqual([]);
  });
});

describe('who is left out gets nothing', () => {
  test('of INCLUDEALL, whatever else includes it', () => {
    expect(found('INCLUDEALL USER ana', 'INCLUDE f USER bo')).toEqual([
      'include-behind-includeall 2:16',
    ]);
    expect(found('GROUP g ana', 'INCLUDEALL GROUP g', 'INCLUDE f USER ana')).toEqual([]);
  });

  test('of the INCLUDE lines of a feature, whatever is reserved for it', () => {
    expect(found('INCLUDE f USER ana', 'RESERVE 2 f USER bo')).toEqual(['client-left-out 2:18']);
    expect(found('INCLUDE f USER ana', 'INCLUDE_BORROW f USER bo')).toEqual([
      'client-left-out 2:23',
    ]);
    expect(found('INCLUDE f USER ana', 'INCLUDE f USER bo', 'RESERVE 2 f USER bo')).toEqual([]);
  });

  test('while a client of another kind may be the same, and other pools another matter', () => {
    expect(found('INCLUDEALL HOST n1', 'INCLUDE f USER bo')).toEqual([]);
    expect(found('INCLUDEALL USER ana', 'INCLUDEALL HOST n1', 'INCLUDE f USER bo')).toEqual([]);
    expect(found('INCLUDE f:VERSION=1.0 USER ana', 'RESERVE 2 f USER bo')).toEqual([]);
    expect(found('INCLUDE f USER ana', 'RESERVE 2 g USER bo')).toEqual([]);
  });
});

describe('wildcards', () => {
  test('are for addresses, of INTERNET and HOST and in a HOST_GROUP', () => {
    expect(
      found(
        'EXCLUDE f HOST 10.7.*.*',
        'EXCLUDE f INTERNET 10.*.*.7',
        'EXCLUDE f INTERNET 2001:db8:*:*:*:*:*:*',
        'HOST_GROUP farm n1 192.168.1.*',
        'EXCLUDE f HOST_GROUP farm',
      ),
    ).toEqual([]);
  });

  test('in a name are letters, so that nobody is meant', () => {
    expect(found('EXCLUDEALL USER *')).toEqual(['name-wildcard 1:17']);
    expect(found('EXCLUDE f HOST node*')).toEqual(['name-wildcard 1:16']);
    expect(found('EXCLUDE f HOST 10.7.*')).toEqual(['name-wildcard 1:16']);
    expect(found('EXCLUDE f DISPLAY ws*:0')).toEqual(['name-wildcard 1:19']);
    expect(found('GROUP g ana \\', '  b*', 'INCLUDE f GROUP g')).toEqual(['name-wildcard 2:3']);
    expect(found('HOST_GROUP h 10.* n1', 'INCLUDE f HOST_GROUP h')).toEqual(['name-wildcard 1:14']);
  });

  test('do not make an address of what is none', () => {
    for (const name of ['ws1', '10.7.*', '10.7.1.256', '10.7.1.1.1', '2001:db8:*']) {
      expect(found(`EXCLUDE f INTERNET ${name}`), name).toEqual(['internet-pattern 1:20']);
    }
  });
});
