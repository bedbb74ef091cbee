import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  checkWritable,
  removeWhole,
  writeWhole,
  writeWholeParts,
} from '../../src/files/whole-file.ts';
import { Folder } from '../e2e/processes.ts';

test('a file is written whole: nothing is left beside it', () => {
  using folder = new Folder();
  writeWhole(folder.at('a'), 'one\n');
  writeWhole(folder.at('a'), 'two\n');
  expect(readFileSync(folder.at('a'), 'utf8')).toBe('two\n');
  expect(readdirSync(folder.path)).toEqual(['a']);
  removeWhole(folder.at('a'));
  removeWhole(folder.at('a'));
  expect(readdirSync(folder.path)).toEqual([]);
});

test('parts that end in an error leave the file as it was, and nothing beside it', async () => {
  using folder = new Folder();
  folder.file('a', 'one\n');
  async function* broken() {
    yield 'two\n';
    throw new Error('no more');
  }
  await expect(writeWholeParts(folder.at('a'), broken())).rejects.toThrow('no more');
  expect(readFileSync(folder.at('a'), 'utf8')).toBe('one\n');
  async function* whole() {
    yield 'two\n';
    yield 'three\n';
  }
  await writeWholeParts(folder.at('a'), whole());
  expect(readFileSync(folder.at('a'), 'utf8')).toBe('two\nthree\n');
  expect(readdirSync(folder.path)).toEqual(['a']);
});

test('a device is written to and stays a device', () => {
  writeWhole('/dev/null', 'text\n');
  removeWhole('/dev/null');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('a pipe without a reader is an error, not something to wait for', () => {
  using folder = new Folder();
  execFileSync('mkfifo', [folder.at('pipe')]);
  expect(() => writeWhole(folder.at('pipe'), 'text\n')).toThrow(/pipe: expected a file that can/);
  removeWhole(folder.at('pipe'));
  expect(lstatSync(folder.at('pipe')).isFIFO()).toBe(true);
});

test.each([
  ['a folder that is not there', '/nowhere/at/all', 'no such folder'],
  ['a directory', '/', 'a directory'],
  ['a name that is too long', `/tmp/${'x'.repeat(5_000)}`, 'a name that is too long'],
  ['an empty path', '', 'an empty path: expected'],
])('%s is told in words', (_what, path, words) => {
  const told = expect.objectContaining({
    code: 'FILE_UNREADABLE',
    message: expect.stringContaining(words),
  });
  expect(() => writeWhole(path, 'text\n')).toThrow(told);
  expect(() => checkWritable(path)).toThrow(told);
  const parts = (async function* () {})();
  return expect(writeWholeParts(path, parts)).rejects.toThrow(told);
});

test('looking whether a file can be written leaves all as it is', () => {
  using folder = new Folder();
  folder.file('a', 'one\n');
  execFileSync('mkfifo', [folder.at('pipe')]);
  for (const name of ['a', 'new', 'pipe']) checkWritable(folder.at(name));
  checkWritable('/dev/null');
  expect(readdirSync(folder.path)).toEqual(['a', 'pipe']);
  expect(readFileSync(folder.at('a'), 'utf8')).toBe('one\n');
});
