import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lockFile } from '../../src/files/folder-lock.ts';
import { Folder } from '../e2e/processes.ts';

test('a file is one user’s at a time, and the folder is made for it', () => {
  using folder = new Folder();
  const path = folder.at('state/acmed.borrows');
  const lock = lockFile(path);
  expect(() => lockFile(path)).toThrow(/expected to be its only user/);
  lock.release();
  lock.release();
  lockFile(path).release();
  expect(readdirSync(folder.at('state'))).toEqual([]);
});

test('a lock that a process which is gone has left counts for nothing', () => {
  using folder = new Folder();
  folder.file('a.lock', '2147483646\n');
  folder.file('b.lock', 'no number\n');
  for (const name of ['a', 'b']) lockFile(folder.at(name)).release();
  expect(readdirSync(folder.path)).toEqual([]);
});

test('a file where the folder must be is told, not taken for a lock', () => {
  using folder = new Folder();
  const path = folder.file('acme.lic', 'text\n');
  expect(() => lockFile(`${path}/acmed.borrows`)).toThrow(
    expect.objectContaining({
      code: 'FILE_UNREADABLE',
      message: `${path}: expected a folder that can be made and written to, got: a file`,
    }),
  );
  expect(() => lockFile(`${path}/below/acmed.borrows`)).toThrow(/a part of the path is no dir/);
});
