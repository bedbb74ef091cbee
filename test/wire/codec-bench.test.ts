import { expect, test } from 'vitest';
import { run } from '../../bench/codec.ts';

test('the codec bench does the same work by hand and by layout, and the same at every run', () => {
  const rows = run('small');
  expect(rows.map(({ name }) => name)).toEqual([
    'codec: read hello',
    'codec: read checkout',
    'codec: write checkout',
  ]);
  for (const { ratio, hash } of rows) {
    expect(ratio).toBeGreaterThan(0);
    expect(hash).toMatch(/^[0-9a-f]{8}$/);
  }
  expect(run('small').map(({ hash }) => hash)).toEqual(rows.map(({ hash }) => hash));
});
