import { expect, test } from 'vitest';
import { MasterGap } from '../../src/daemon/triad/master-gap.ts';

test('a gap is measured from the loss of the master to the next one, once', () => {
  const gap = new MasterGap();
  gap.see(true, 1_000);
  expect(gap.lastMs).toBe(0);
  gap.see(false, 5_000);
  gap.see(false, 6_000);
  expect(gap.lastMs).toBe(0);
  gap.see(true, 9_000);
  gap.see(true, 12_000);
  expect(gap.lastMs).toBe(4_000);
});
