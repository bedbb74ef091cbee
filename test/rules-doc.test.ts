import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { denials } from '../src/domain/ledger/denials.ts';
import { keywords } from '../src/domain/options/keywords.ts';

const text = readFileSync('docs/rules.md', 'utf8');

interface Row {
  readonly rule: string;
  readonly names: readonly string[];
  readonly proof: string;
}

/** The rows of all tables: rule, names, source, proof. */
const rows: readonly Row[] = text
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\| (rule|---)/.test(line))
  .map((line) => {
    const [rule = '', names = '', , proof = ''] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    return { rule, proof, names: names === '' ? [] : names.split(', ') };
  });

const transcript = /^`([\w-]+\.txt)`$/;
const titled = /^`(test\/\S+\.test\.ts)` "(.+)"$/;

describe('docs/rules.md', () => {
  test.each(rows)('proves that $rule', ({ proof }) => {
    const file = transcript.exec(proof)?.[1];
    if (file !== undefined) return expect(existsSync(`fixtures/ledger/${file}`), proof).toBe(true);
    const [, path = '', title = ''] = titled.exec(proof) ?? [];
    expect(existsSync(path), proof).toBe(true);
    const tests = readFileSync(path, 'utf8');
    const written = [`'${title.replaceAll("'", "\\'")}'`, `"${title}"`, `\`${title}\``];
    return expect(
      written.some((each) => tests.includes(each)),
      proof,
    ).toBe(true);
  });

  test('names every reason to deny, with its code, and no other', () => {
    const named = rows.flatMap(({ names }) => names.filter((name) => name.startsWith('`')));
    const wanted = denials.map(({ id, major }) => `\`${id}\` ${major}`);
    expect(named.toSorted()).toEqual(wanted.toSorted());
  });

  test('names every keyword of the options file, and no other', () => {
    const named = rows.flatMap(({ names }) => names.filter((name) => !name.startsWith('`')));
    const wanted = keywords.map(({ keyword }) => keyword as string);
    expect(named.toSorted()).toEqual(wanted.toSorted());
  });

  test('has a row for every transcript of the ledger', () => {
    const shown = new Set(rows.map(({ proof }) => transcript.exec(proof)?.[1]));
    const missing = readdirSync('fixtures/ledger').filter((name) => !shown.has(name));
    expect(missing).toEqual([]);
  });
});
