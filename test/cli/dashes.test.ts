import { expect, test } from 'vitest';
import { withDashes } from '../../src/cli/dashes.ts';

test.each([
  ['lint -', 'lint <stdin>'],
  ['lint a.lic -', 'lint a.lic <stdin>'],
  ['serve a.lic --log -', 'serve a.lic --log=-'],
  ['serve --log - -', 'serve --log=- <stdin>'],
  ['serve --log=- a', 'serve --log=- a'],
  ['checkout f -- cat -', 'checkout f -- cat -'],
  ['checkout f --user -- -', 'checkout f --user -- -'],
  ['lint', 'lint'],
])('%s is read as %s', (words, read) => {
  expect(withDashes(words.split(' ')).join(' ')).toBe(read);
});
