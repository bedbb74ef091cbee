import { describe, expect, test } from 'vitest';
import { type ReporterName, reporterTable } from '../../src/scenario/reporter-table.ts';
import type { ScenarioResult, Summary } from '../../src/scenario/results.ts';
import { exampleServer, indented, makeFile, runFiles } from './make.ts';

const failing = `
- checkout: { feature: solve, users: [ann@ws1, ben@ws2] }
- checkout: { feature: solve, user: cat@ws3 }
  expect: granted
`;

async function failedRun(): Promise<{ results: readonly ScenarioResult[]; summary: Summary }> {
  const name = exampleServer.replace('example', '"two <seats>, \\e three: users & 100 %"');
  return runFiles([makeFile(`${name}steps:\n${indented(failing)}`), makeFile('name: broken\n')]);
}

async function reportOf(name: ReporterName): Promise<string> {
  const { results, summary } = await failedRun();
  const reporter = reporterTable[name]();
  const text = reporter.begin() + results.map((each) => reporter.result(each)).join('');
  return text + reporter.end(summary);
}

describe('a failure is told where it happened, with what was expected and what came instead', () => {
  test.each(Object.keys(reporterTable) as ReporterName[])(
    '%s',
    async (name) => {
      const text = await reportOf(name);
      expect(text).toContain('denied (-4,342)');
      expect(text).toContain('granted');
      expect(text).toContain('2 in use');
    },
    20_000,
  );
});

test('spec shows the timeline, and why the server answered so', async () => {
  const text = await reportOf('spec');
  expect(text).toMatch(/test\.yaml:12:5: checkout solve for cat@ws3/);
  expect(text).toContain('> checkout solve for 2 users -> 2 granted');
  expect(text).toContain('acmed: DENIED solve for cat@ws3 (-4,342)');
  expect(text).toContain('NO  2 of 2 in use');
  expect(text).toContain('when ann@ws1');
  expect(text).toContain('0 passed, 1 failed, 1 with mistakes in the file');
  expect(text).toContain('seed: test');
});

test('github points at the line of the file, its message on one line', async () => {
  const lines = (await reportOf('github')).split('\n');
  const [failure, mistake] = lines;
  expect(failure).toMatch(/^::error file=\S+test\.yaml,line=12,col=5,title=/);
  expect(failure).toContain('%0A');
  expect(failure).toContain('100 %25');
  expect(mistake).toMatch(/^::error file=\S+test\.yaml,line=1,col=1,title=/);
});

test('junit is XML 1.0, whatever a name has', async () => {
  const text = await reportOf('junit');
  expect(text).toContain('two &lt;seats&gt;, \uFFFD three: users &amp; 100 %');
  expect(text).toContain('tests="2" failures="1" errors="1"');
  expect(text).not.toContain('\u001b');
});

test('tap counts to its plan', async () => {
  const text = await reportOf('tap');
  expect(text).toMatch(/^TAP version 14\nnot ok 1 - /);
  expect(text).toMatch(/\n1\.\.2\n/);
});

test('ndjson is an object a line', async () => {
  const lines = (await reportOf('ndjson')).trimEnd().split('\n');
  const kinds = lines.map((line) => (JSON.parse(line) as { kind: string }).kind);
  expect(kinds).toEqual([...Array(5).fill('happened'), 'result', 'result', 'summary']);
});

test('html loads nothing from elsewhere and escapes what it shows', async () => {
  const text = await reportOf('html');
  expect(text).not.toMatch(/\b(src|href)=|url\(|@import|https?:/);
  expect(text).toContain('two &lt;seats&gt;');
  expect(text).toContain('prefers-color-scheme: dark');
});
