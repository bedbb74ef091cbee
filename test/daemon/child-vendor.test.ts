import { spawn } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { ChildVendor } from '../../src/daemon/child-vendor.ts';
import { Journal } from '../../src/daemon/journal.ts';
import type { Fork } from '../../src/daemon/vendor-process.ts';

const entry = { name: 'acmed', definitions: [], packages: [], features: [] };

function make(fork: Fork): ChildVendor {
  const parts = { config: { licenses: [] }, journal: new Journal(), notice: () => {}, fork };
  return new ChildVendor(entry, parts);
}

function start(vendor: ChildVendor) {
  const aborted = new AbortController().signal;
  return vendor.start({ restarts: 0, listening: () => {}, aborted });
}

const stdio = ['ignore', 'ignore', 'ignore', 'ipc'] as const;

test.each<[string, Fork, RegExp]>([
  ['is not there', () => spawn('/nowhere/node', [], { stdio: [...stdio] }), /ENOENT/],
  [
    'does not fit into memory',
    () => {
      throw Object.assign(new Error('spawn ENOMEM'), { code: 'ENOMEM' });
    },
    /ENOMEM/,
  ],
])(
  'a daemon whose program %s does not start, and may be started again',
  async (_what, fork, why) => {
    const vendor = make(fork);
    for (let tries = 0; tries < 2; tries++) {
      await expect(start(vendor)).rejects.toMatchObject({
        code: 'NET_UNREACHABLE',
        message: expect.stringMatching(why),
      });
      expect({ up: vendor.up, pid: vendor.pid }).toEqual({ up: false, pid: 0 });
    }
    await vendor.stop(15);
    await vendor.kill();
  },
);

test('a daemon whose process ends before it serves has died, and is no news to onExit', async () => {
  const vendor = make(() => spawn(process.execPath, ['-e', '0'], { stdio: [...stdio] }));
  const heard: number[] = [];
  vendor.onExit((signal) => heard.push(signal));
  expect(await start(vendor)).toEqual({ kind: 'died', signal: 0 });
  expect(heard).toEqual([]);
});

/** Says that it serves, and that every order is done. */
const obedient = `process.on('message', ({ kind }) => process.send(kind === 'start'
  ? { kind: 'ready', port: 4711 } : { kind: 'done' }));`;

test('rereads leave nothing behind with the signal that would break them off', async () => {
  const vendor = make(() => spawn(process.execPath, ['-e', obedient], { stdio: [...stdio] }));
  expect(await start(vendor)).toEqual({ kind: 'serving' });
  const { signal } = new AbortController();
  for (let count = 0; count < 3; count++) await vendor.reread(entry, signal);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  await vendor.kill();
});
