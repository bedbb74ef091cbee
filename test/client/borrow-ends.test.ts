import { describe, expect, test } from 'vitest';
import { parseBorrowEnd, parseBorrowWish } from '../../src/client/borrow-ends.ts';

describe('the end of a borrow', () => {
  test.each([
    ['9-mar-2031', { kind: 'at', text: '9-mar-2031' }],
    ['09-MAR-2031:8:30', { kind: 'at', text: '09-MAR-2031:8:30' }],
    ['2031-03-09', { kind: 'at', text: '9-mar-2031' }],
    ['2031-03-09T18:30', { kind: 'at', text: '9-mar-2031:18:30' }],
    ['20h', { kind: 'after', seconds: 72_000 }],
  ])('%j is read', (text, end) => {
    expect(parseBorrowEnd(text, '--borrow')).toEqual(end);
  });

  test.each([
    '31-feb-2030',
    '99-xxx-2030',
    '1-jan-2030:25:00',
    '2030-02-31',
    '2030-13-01',
    '0s',
    '',
  ])('%j is none, which is said before a server is asked', (text) => {
    expect(() => parseBorrowEnd(text, '--borrow')).toThrow(
      `--borrow: expected a duration such as 20h or 3d, or an end such as 9-mar-2031:18:30, got "${text}"`,
    );
  });

  test('LM_BORROW with a day that is none asks for nothing', () => {
    const now = new Date(2030, 0, 7, 9).getTime();
    const wish = (end: string) => parseBorrowWish(`7-jan-2030:acmed:${end}`, now);
    expect(wish('31-feb-2030')).toBeUndefined();
    expect(wish('28-feb-2030')).toMatchObject({ vendor: 'acmed', end: { text: '28-feb-2030' } });
  });
});
