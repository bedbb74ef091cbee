import { expect, test } from 'vitest';
import { daemonSettings } from '../../../src/domain/options/daemon-settings.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';

const settingsOf = (text: string) =>
  daemonSettings(parseOptionsFile({ name: 'acmed.opt', text, encoding: 'utf-8' }));

test('without an options file a daemon has the usual settings', () => {
  const usual = { connectionsMax: undefined, selectTimeoutSeconds: 1, automaticReread: true };
  expect(daemonSettings(undefined)).toEqual(usual);
  expect(settingsOf('')).toEqual(usual);
});

test.each([
  ['MAX_CONNECTIONS 500', { connectionsMax: 500 }],
  ['MAX_CONNECTIONS 5', { connectionsMax: 31 }],
  ['MAX_CONNECTIONS 5000000', { connectionsMax: 1_000_000 }],
  ['MAX_CONNECTIONS 100\nMAX_CONNECTIONS 200', { connectionsMax: 200 }],
  ['DAEMON_SELECT_TIMEOUT 30', { selectTimeoutSeconds: 30 }],
  ['DAEMON_SELECT_TIMEOUT 0', { selectTimeoutSeconds: 1 }],
  ['DAEMON_SELECT_TIMEOUT 90', { selectTimeoutSeconds: 60 }],
  ['AUTOMATIC_REREAD OFF', { automaticReread: false }],
  ['AUTOMATIC_REREAD OFF\nAUTOMATIC_REREAD ON', { automaticReread: true }],
])('%j is brought within its bounds, and the last line of a keyword holds', (text, expected) => {
  expect(settingsOf(`${text}\n`)).toMatchObject(expected);
});
