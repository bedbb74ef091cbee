import { expect, test } from 'vitest';
import {
  renderLogReason,
  renderLongError,
  renderShortError,
} from '../../src/text/error-message.ts';

const refused = { major: -15, minor: 570, sys: 111, sysText: 'Connection refused' };

test('a short error is the text and its numbers', () => {
  expect(renderShortError({ major: -4, minor: 342 })).toBe(
    'Licensed number of users already reached. (-4,342)',
  );
});

test('a system error joins the numbers; its words stand in quotes, after them, or nowhere', () => {
  const text = 'Cannot connect to license server system.';
  expect(renderShortError(refused)).toBe(`${text} (-15,570:111 "Connection refused")`);
  expect(renderShortError(refused, { systemText: 'after' })).toBe(
    `${text} (-15,570:111) Connection refused`,
  );
  expect(renderShortError(refused, { systemText: 'none' })).toBe(`${text} (-15,570:111)`);
  expect(renderShortError({ major: -15, minor: 570, sys: 115 })).toBe(`${text} (-15,570:115)`);
});

test('a reason in a log has brackets, and a blank after a system error', () => {
  const text = 'Licensed number of users already reached.';
  expect(renderLogReason({ major: -4, minor: 342 })).toBe(`(${text} (-4,342))`);
  expect(renderLogReason({ major: -4, minor: 342, sys: 10054 })).toBe(`(${text} (-4,342:10054 ))`);
  expect(renderLogReason({ major: -4, minor: 342, sys: 104, sysText: 'reset' })).toBe(
    `(${text} (-4,342:104 "reset"))`,
  );
});

test('a long error tells what was asked, with the values in one column', () => {
  const text = renderLongError({
    refusal: refused,
    explanation: ['Is lmgrd running there?'],
    feature: 'solve',
    hostname: 'alpha',
    vendor: 'acmed',
    licensePath: ['27000@alpha', '/opt/acme/acme.lic'],
    separator: ':',
  });
  expect(text.split('\n')).toEqual([
    'Cannot connect to license server system.',
    ' Is lmgrd running there?',
    'Feature:       solve',
    'Hostname:      alpha',
    'Vendor:        acmed',
    'License path:  27000@alpha:/opt/acme/acme.lic:',
    'FlexNet Licensing error:-15,570.  System Error: 111 "Connection refused"',
    'For further information on this error, run "fauxlm errors -15".',
    '',
  ]);
});

test('a long error leaves out what is not known, a system error included', () => {
  const refusal = { major: -5, minor: 357 };
  const text = renderLongError({ refusal, feature: 'x', licensePath: [], separator: ';' });
  expect(text.split('\n').slice(1, 4)).toEqual([
    'Feature:       x',
    'License path:  ',
    'FlexNet Licensing error:-5,357',
  ]);
});

test('no error text holds an address of anybody', () => {
  const text = renderLongError({ refusal: refused, separator: ':' });
  expect(text).not.toMatch(/https?:|www\./);
});
