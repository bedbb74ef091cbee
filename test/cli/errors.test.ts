import { expect, test } from 'vitest';
import { run } from '../e2e/processes.ts';

test.each([
  [['-67'], [-67]],
  [['67'], [-67]],
  [['--', '-67'], [-67]],
  [['(-67,101)'], [-67]],
  [['4'], [-4, 4]],
  [['-4'], [-4]],
  [['+4'], [4]],
  [['237'], [-237]],
])('fauxlm errors %j explains %j', async (words, codes) => {
  const { status, out, err } = await run('fauxlm', ['errors', ...words]);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect([...out.matchAll(/^ *(-?\d+) {2}[A-Z]/gm)].map(([, code]) => Number(code))).toEqual(codes);
});

test.each(['nonsense', '999', '-999', '-12345', ''])(
  'fauxlm errors %j is a mistake that says what is expected',
  async (word) => {
    const { status, err } = await run('fauxlm', ['errors', word]);
    expect(status).toBe(2);
    expect(err).toContain(
      `expected a FlexNet error code such as -4 (see fauxlm errors), got "${word}"`,
    );
  },
);
