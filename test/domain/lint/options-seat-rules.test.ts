import { describe, expect, test } from 'vitest';
import { lintTexts, served } from './make.ts';

const license = served(
  'INCREMENT solve acmed 4.20 permanent 8 BORROW=72 OVERDRAFT=2 SIGN=6C41A09FD312',
  'INCREMENT mesh acmed 4.20 permanent 2 SIGN=D7770CE2A91B',
  'FEATURE view acmed 2.0 permanent uncounted HOSTID=ANY SIGN=92E30B5D7FA4',
  'FEATURE both acmed 2.0 permanent uncounted HOSTID=ANY SIGN=92E30B5D7FA5',
  'INCREMENT both acmed 2.0 permanent 3 SIGN=92E30B5D7FA6',
);

const found = (options: string): readonly string[] =>
  lintTexts({ license, options: `${options}\n` }).map(
    ({ rule, column, message }) => `${rule} ${column}: ${message}`,
  );

describe('BORROW_LOWWATER', () => {
  test('may keep all seats, not more', () => {
    expect(found('BORROW_LOWWATER solve 8')).toEqual([]);
    expect(found('BORROW_LOWWATER solve 09')).toEqual([
      'borrow-lowwater-over-count 23: expected at most the 8 seats of solve, got 9',
    ]);
  });
});

describe('seats of an uncounted feature', () => {
  test.each(['LINGER view 60', 'TIMEOUT view 3600', 'BORROW_LOWWATER view 1'])(
    '%s: there are none',
    (line) => {
      const keyword = line.split(' ')[0]!;
      expect(found(line)).toEqual([
        `option-on-uncounted ${keyword.length + 2}: ${keyword}: expected a counted feature, got uncounted view`,
      ]);
    },
  );

  test('are a matter of all its lines, and INCLUDE is about the feature itself', () => {
    expect(found('LINGER both 60')).toEqual([]);
    expect(found('INCLUDE view USER ana')).toEqual([]);
    expect(found('RESERVE 1 view USER ana')).toHaveLength(1);
  });
});

describe('a limit', () => {
  test('has an effect below what the license gives', () => {
    for (const line of [
      'MAX 9 solve USER ana',
      'MAX_OVERDRAFT solve 1',
      'MAX_BORROW_HOURS solve 71',
      'MAX 1 mesh GROUP ALL_GROUPS',
      'MAX 5 view USER ana',
    ]) {
      expect(found(line), line).toEqual([]);
    }
  });

  test.each([
    ['MAX 10 solve USER ana', 'MAX solve: expected fewer than the licensed 10 seats, got 10'],
    ['MAX 2 mesh USER ana', 'MAX mesh: expected fewer than the licensed 2 seats, got 2'],
    [
      'MAX_OVERDRAFT solve 2',
      'MAX_OVERDRAFT solve: expected fewer than the licensed 2 seats, got 2',
    ],
    [
      'MAX_OVERDRAFT mesh 1',
      'MAX_OVERDRAFT mesh: expected a feature with OVERDRAFT, got one without',
    ],
    [
      'MAX_BORROW_HOURS solve 72',
      'MAX_BORROW_HOURS solve: expected fewer than the licensed 72 hours, got 72',
    ],
    [
      'MAX_BORROW_HOURS mesh 24',
      'MAX_BORROW_HOURS mesh: expected a feature with BORROW, got one without',
    ],
    [
      'EXCLUDE_BORROW mesh USER ana',
      'EXCLUDE_BORROW mesh: expected a feature with BORROW, got one without',
    ],
  ])('%s has none', (line, message) => {
    expect(found(line)).toEqual([`option-without-effect 1: ${message}`]);
  });
});
