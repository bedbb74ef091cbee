import { expect, test } from 'vitest';
import { HeldTexts } from '../../src/daemon/held-texts.ts';

const one = { data: 'x'.repeat(10) };

test('texts of clients are kept up to a sum, and what came back makes room', () => {
  let uptimeMs = 0;
  const texts = new HeldTexts(30, () => uptimeMs);
  let held = [one, one, one];
  const asked = (now: number): boolean => {
    uptimeMs = now;
    return texts.hasRoom(one, () => held);
  };
  expect([asked(0), asked(0), asked(0), asked(0)]).toEqual([true, true, true, false]);
  held = [one];
  // Counted at most once a second: a client that is refused cannot make it costlier.
  expect([asked(999), asked(1_000), asked(1_000), asked(1_000)]).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
