import { expect, test } from 'vitest';
import { Rng } from '../../../src/base/rng.ts';
import { firstAbout } from '../../../src/domain/options/line-index.ts';

interface Line {
  readonly user: string | undefined;
  readonly host?: string;
}

const isAbout = (line: Line, client: { readonly user: string; readonly host: string }) =>
  line.user === undefined ? line.host === client.host : line.user === client.user;

const client = (user: string, host: string) => ({
  user,
  host,
  display: '',
  project: '',
  address: '127.0.0.1',
});

test('the line that is looked up is the one that asking each in file order finds', () => {
  const rng = new Rng('line-index');
  let found = 0;
  for (let round = 0; round < 2_000; round++) {
    const lines: Line[] = Array.from({ length: rng.below(40) }, () =>
      rng.chance(3, 4)
        ? { user: `u${rng.below(10)}` }
        : { user: undefined, host: `h${rng.below(30)}` },
    );
    for (let asking = 0; asking < 5; asking++) {
      const asked = client(`u${rng.below(12)}`, `h${rng.below(30)}`);
      const expected = lines.find((line) => isAbout(line, asked));
      expect(firstAbout(lines, asked, isAbout)).toBe(expected);
      if (expected !== undefined) found++;
    }
  }
  expect(found).toBeGreaterThan(1_000);
});

test('lines about other users are not asked', () => {
  const lines = Array.from({ length: 500 }, (_, index): Line => ({ user: `u${index}` }));
  let asked = 0;
  const counted = (line: Line, { user }: { readonly user: string }) => {
    asked++;
    return line.user === user;
  };
  expect(firstAbout(lines, client('u499', 'h'), counted)).toBe(lines[499]);
  expect(firstAbout(lines, client('nobody', 'h'), counted)).toBeUndefined();
  expect(asked).toBe(0);
});
