import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { failureLines } from '../../src/scenario/reporters/reporter.ts';
import { makeFile, runFiles } from './make.ts';

/** A port that somebody has. */
async function takenPort(): Promise<number> {
  const other = createServer();
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void other.close());
  return (other.address() as { readonly port: number }).port;
}

function scenario(port: number, more: string): string {
  return makeFile(`name: a fixed port
servers:
  - ${more}license: |
      SERVER this_host ANY
      VENDOR acmed PORT=${port}
      INCREMENT solve acmed 2030.0 permanent 2 SIGN=00
steps:
  - checkout: { feature: solve }
    expect: { log: { matches: 'Listening port: ${port}|\\(${port}\\)|:${port}|port[^0-9]*${port}' } }
`);
}

test('scenarios with the same PORT= run side by side, and outputs name that port', async () => {
  const port = await takenPort();
  const files = Array.from({ length: 4 }, () => scenario(port, ''));
  const { results } = await runFiles(files, { jobs: 4 });
  expect(results.flatMap(failureLines).join('\n')).toBe('');
});

test('a scenario that wants its PORT= gets it, or does not start', async () => {
  const { results } = await runFiles([scenario(await takenPort(), 'fixedPorts: true\n    ')]);
  expect(results[0]).toMatchObject({ status: 'failed', failure: { step: 'start' } });
  expect(results[0]?.failure?.got).toMatch(/free port|in use/);
});
