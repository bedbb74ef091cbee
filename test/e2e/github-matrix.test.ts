import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Ended, ended, environment, Folder, Server } from './processes.ts';

interface Job {
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly number[]>> };
  readonly steps: readonly { readonly run?: string }[];
}

const workflow = parse(readFileSync('deploy/github/load.yml', 'utf8')) as {
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: { readonly shard: Job; readonly merge: Job };
};

const license =
  'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 1.0 permanent 500 SIGN=00\n';
const profile = [
  'phases: [{ steady: { rate: 100/s, for: 800ms } }]',
  "sessions: [{ checkout: solve, hold: 'exp:50ms' }]",
  '',
].join('\n');

/** What a runner makes of the expressions of a step. @throws for one that this test does not know */
function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{ *([\w.-]+) *\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for ${name}`);
    return value;
  });
}

test('the example of a GitHub workflow does a load in shards, and merges them to what one run does', async () => {
  using folder = new Folder();
  await using server = await Server.start(folder, [folder.file('a.lic', license)]);
  folder.file('load.profile.yaml', profile);
  folder.program('fauxlm');
  // Installs nothing: the package that it is to run is this one.
  folder.script('npx', 'shift 2; exec fauxlm "$@"');
  const { shard, merge } = workflow.jobs;
  const rows = shard.strategy!.matrix['shard']!;
  const values = {
    'inputs.server': server.ready.address,
    'inputs.profile': 'load.profile.yaml',
    'github.run_id': '77',
    'strategy.job-total': String(rows.length),
  };
  const step = (job: Job, more: Readonly<Record<string, string>> = {}): Promise<Ended> => {
    const [text] = job.steps.flatMap(({ run }) => run ?? []);
    const env = environment({ ...workflow.env, PATH: `${folder.path}:${process.env['PATH']}` });
    const words = ['-e', '-c', filledIn(text!, { ...values, ...more })];
    return ended(spawn('bash', words, { cwd: folder.path, env }));
  };
  const shards = await Promise.all(rows.map((row) => step(shard, { 'matrix.shard': String(row) })));
  // 5 when the machine under the tests was too busy for a generator: it says so.
  for (const { status, err } of shards) expect([0, 5], err).toContain(status);
  const merged = await step(merge);
  expect([0, 5], merged.err).toContain(merged.status);
  expect(existsSync(folder.at('load.html'))).toBe(true);

  const plain = ['load', 'load.profile.yaml', '-c', server.ready.address, '--seed', '77'];
  const whole = await ended(
    spawn(folder.at('fauxlm'), plain, { cwd: folder.path, env: environment() }),
  );
  const begun = /(\d+) to begin/;
  expect(begun.exec(whole.out)?.[1]).toMatch(/^\d+$/);
  expect(begun.exec(merged.out)?.[1]).toBe(begun.exec(whole.out)?.[1]);
});
