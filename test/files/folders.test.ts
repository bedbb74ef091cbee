import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolders } from '../../src/files/folders.ts';
import { Folder } from '../e2e/processes.ts';

test('a folder is made with those above it, with the given rights, and may be there', () => {
  using folder = new Folder();
  const path = folder.at(join('a', 'b', 'c'));
  makeFolders(path, 0o700);
  makeFolders(path);
  expect(statSync(path).isDirectory()).toBe(true);
  expect(statSync(folder.at('a')).mode & 0o777).toBe(0o700);
});

test('a file in its place or on the way is no folder', () => {
  using folder = new Folder();
  const file = folder.at('file');
  writeFileSync(file, 'x');
  expect(() => makeFolders(file)).toThrow('EEXIST');
  expect(() => makeFolders(join(file, 'a'))).toThrow('ENOTDIR');
  expect(() => makeFolders(join(file, 'a', 'b'))).toThrow('ENOTDIR');
});

// The system calls every name below /proc one that is not there, also when it is to be made.
test.skipIf(!existsSync('/proc/self'))('where no folder can be made it ends', () => {
  expect(() => makeFolders('/proc/nothing/at/all')).toThrow('ENOENT');
});
