import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeClock } from '../../src/base/clock-setting.ts';
import { KeptAnswers } from '../../src/control/kept-answers.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';

let server: LicenseServer;
let kept: KeptAnswers;
let made: string[];

beforeEach(async () => {
  const text = 'SERVER this_host ANY\nVENDOR acmed\nINCREMENT a acmed 2.0 permanent 2 SIGN=00\n';
  const clock = makeClock({ kind: 'manual', at: Date.UTC(2030, 0, 7, 9) });
  server = await startServer({ licenses: [{ name: 'a.lic', text }], port: 0, clock });
  kept = new KeptAnswers(server);
  made = [];
});

afterEach(() => server.stop());

async function ask(
  key: string,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<string> {
  const make = async () => {
    made.push(key);
    await meanwhile();
    return `${key} ${made.length}`;
  };
  return kept.get(key, make, ({ length }) => length);
}

/** Something happens: somebody is denied. */
async function deny(): Promise<void> {
  const { count } = server.journal;
  const client = {
    ...{ user: 'ann', host: 'ws', display: '/dev/pts/1', platform: 'x64_lsb', pid: 1 },
    ...{ project: '', address: '127.0.0.1', hostids: [] },
  };
  const wish = { feature: 'none', version: '1.0', count: 1, data: '' };
  server.daemon('acmed')!.apply({ kind: 'checkout', session: 1, client, ...wish });
  expect(server.journal.count).toBeGreaterThan(count);
}

test('each answer is worked out once while nothing happens, whichever was asked for first', async () => {
  for (const key of ['a', 'b', 'a', 'b', 'c', 'b']) await ask(key);
  expect(made).toEqual(['a', 'b', 'c']);
});

test('an answer that is made of another has that kept, too', async () => {
  await ask('outer', () => ask('inner'));
  await ask('inner');
  expect(made).toEqual(['outer', 'inner']);
});

test('who asks while it is worked out waits for the same', async () => {
  expect(await Promise.all(['a', 'a', 'a'].map((key) => ask(key)))).toEqual(['a 1', 'a 1', 'a 1']);
});

test('what happens has answers made anew, also what happens while they are made', async () => {
  await ask('a');
  await deny();
  await ask('a');
  await server.clock.advance('1m');
  await ask('a');
  expect(made).toEqual(['a', 'a', 'a']);
  await ask('b', deny);
  await ask('b');
  expect(made).toEqual(['a', 'a', 'a', 'b', 'b']);
});

test('an answer that fails is asked for again', async () => {
  const fail = () => Promise.reject(new Error('no'));
  const both = [ask('a', fail), ask('a', fail)];
  for (const each of both) await expect(each).rejects.toThrow('no');
  expect(made).toEqual(['a']);
  await ask('a');
  expect(made).toEqual(['a', 'a']);
});
