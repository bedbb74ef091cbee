import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { failureLines } from '../../src/scenario/reporters/reporter.ts';
import { exampleServer, makeFiles, runFiles } from './make.ts';

const text = `${exampleServer}steps:
  - checkout: { feature: solve, user: ann@ws1 }
  - lmutil: lmstat -f solve
    expect: { recorded: outputs/solve.txt }
`;

test('an output is recorded on demand, compared from then on, and told where it parts', async () => {
  const folder = makeFiles({ 'main.yaml': text, 'outputs/keep': '' });
  const files = [folder('main.yaml')];
  const recording = folder('outputs/solve.txt');

  const first = await runFiles(files);
  expect(first.results[0]?.failure?.got).toContain('--update writes it');
  expect(existsSync(recording)).toBe(false);

  const update = await runFiles(files, { update: true });
  expect(update.results.flatMap(failureLines).join('\n')).toBe('');
  expect(update.summary.written).toEqual([recording]);
  const recorded = readFileSync(recording, 'utf8');
  expect(recorded).toContain('Total of 1 license in use');
  expect(recorded, 'nothing of this run').toContain('<host>/27000');

  expect((await runFiles(files)).summary).toMatchObject({ passed: 1, written: [] });
  expect((await runFiles(files, { update: true })).summary.written, 'it is the same').toEqual([]);

  // As an editor on Windows saves it.
  writeFileSync(recording, recorded.replaceAll('\n', '\r\n'));
  expect((await runFiles(files)).summary.passed).toBe(1);

  writeFileSync(recording, recorded.replace('1 license in use', '2 licenses in use'));
  const { results } = await runFiles(files);
  expect(results[0]?.failure).toMatchObject({
    place: { line: 12 },
    got: expect.stringMatching(/^"Users of solve.*1 license in use.*" in line \d+, where it has "/),
  });
});

test('two outputs that differ want two files', async () => {
  const folder = makeFiles({
    'main.yaml': `${text}  - lmutil: lmstat -f mesh\n    expect: { recorded: outputs/solve.txt }\n`,
    'outputs/keep': '',
  });
  const { results } = await runFiles([folder('main.yaml')], { update: true });
  expect(results[0]).toMatchObject({ status: 'failed', failure: { place: { line: 14 } } });
});
