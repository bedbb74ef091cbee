import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { type Ended, ended, environment, Folder } from './processes.ts';

const root = resolve('.');
const vitest = join(
  dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
  'vitest.mjs',
);
let bin: Folder;

/** `fauxlm` and `lmutil` by their names, as where the package is installed. */
beforeAll(() => {
  bin = new Folder();
  for (const name of ['fauxlm', 'lmutil'] as const) bin.program(name);
  return () => bin[Symbol.dispose]();
});

function call(
  command: string,
  words: readonly string[],
  { cwd = 'examples', env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  const path = `${bin.path}:${process.env['PATH']}`;
  // A runner of tests that runs inside one must not take itself for its worker.
  const own = Object.entries(environment({ PATH: path, ...env })).filter(
    ([name]) => !/^(VITEST|NODE_)/.test(name),
  );
  return ended(
    spawn(command, words, { cwd, env: Object.fromEntries(own), stdio: ['ignore', 'pipe', 'pipe'] }),
  );
}

test.each([
  ['node:test', process.execPath, ['--test', 'node-test/seats.test.mjs'], /# pass 2\n/],
  ['vitest', process.execPath, [vitest, 'run', '--root', 'vitest'], /2 passed/],
  ['shell', 'fauxlm', ['exec', 'acme.lic', '--', 'sh', 'shell/seats.sh'], /^(ok - .*\n){2}$/],
] as const)('the example of %s runs', async (_, command, words, told) => {
  const { status, out, err } = await call(command, words);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toMatch(told);
});

test('the example of Python runs by exec', async () => {
  const flags = ['--clock', 'manual', '--http', '127.0.0.1:0'];
  const words = [
    'exec',
    'acme.lic',
    ...flags,
    '--',
    'python3',
    '-m',
    'unittest',
    'discover',
    'python',
  ];
  const { status, err } = await call('fauxlm', words);
  expect(err).toMatch(/Ran 3 tests[\s\S]*OK\n$/);
  expect(status).toBe(0);
});

interface Step {
  readonly name: string;
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
}

const action = parse(readFileSync('action.yml', 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
};

/** A step of the action as GitHub runs it: its inputs put in, in bash with -e and pipefail. */
function step(name: string, inputs: Readonly<Record<string, string>>, cwd: string): Promise<Ended> {
  const found = action.runs.steps.find((each) => each.name === name)!;
  const filled = (text: string) =>
    text.replaceAll(
      /\$\{\{ inputs\.(\w+) \}\}/g,
      (_, input: string) => inputs[input] ?? action.inputs[input]!.default,
    );
  expect(found.run, 'inputs come by the environment only').not.toContain('${{');
  const env = Object.fromEntries(
    Object.entries(found.env ?? {}).map(([key, text]) => [key, filled(text)]),
  );
  const words = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', found.run];
  return call('bash', words, { cwd, env: { ...env, GITHUB_ACTION_PATH: root } });
}

const scenario = `name: two seats for three
servers:
  - license: |
      SERVER this_host ANY
      VENDOR acmed
      INCREMENT solve acmed 1.0 permanent 2 SIGN=00
steps:
  - checkout: { feature: solve, user: ann@ws1, count: 2 }
  - checkout: { feature: solve, user: ben@ws2 }
    expect: granted
`;

function ownFolder(): Folder {
  const folder = new Folder();
  onTestFinished(() => folder[Symbol.dispose]());
  return folder;
}

test('the action shows what failed at the line of its step, and fails', async () => {
  const folder = ownFolder();
  folder.file('seats.yaml', scenario);
  const { status, out } = await step('Run scenarios', { scenarios: 'seats.yaml' }, folder.path);
  expect(status).toBe(1);
  const [, line] = /^::error file=seats\.yaml,line=(\d+),col=\d+,title=/m.exec(out) ?? [];
  expect(scenario.split('\n')[Number(line) - 1]).toMatch(/ben@ws2|expect: granted/);
});

test('the action passes what passes, by the inputs it is given', async () => {
  const folder = ownFolder();
  folder.file('one.yaml', scenario.replace('expect: granted', 'expect: { denied: -4 }'));
  folder.file('two.yaml', scenario.replace('expect: granted', 'expect: { denied: -4 }'));
  const inputs = {
    scenarios: 'one.yaml\ntwo.yaml',
    mode: 'ledger',
    seed: '$(exit 3)',
    junit: 'junit.xml',
  };
  const { status, out, err } = await step('Run scenarios', inputs, folder.path);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).not.toContain('::error');
  expect(readFileSync(folder.at('junit.xml'), 'utf8').match(/<testcase /g)).toHaveLength(2);
});

test('the action lints, with annotations', async () => {
  const folder = ownFolder();
  folder.file('bad.lic', readFileSync('fixtures/lint/two-servers.lic', 'utf8'));
  const { status, out } = await step('Lint', { lint: '*.lic' }, folder.path);
  expect(status).toBe(1);
  expect(out).toMatch(/^::error file=bad\.lic,line=4/m);
});

test('the pre-commit hook lints what has the names of license and options files', async () => {
  const [hook] = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as [
    { readonly entry: string; readonly files: string },
  ];
  const names = ['acme.lic', 'acmed.opt', 'README.md', 'lic'];
  expect(names.filter((name) => new RegExp(hook.files).test(name))).toEqual([
    'acme.lic',
    'acmed.opt',
  ]);
  const [command = '', ...words] = hook.entry.split(' ');
  expect((await call(command, [...words, 'acme.lic'])).status).toBe(0);
  expect((await call(command, [...words, '../fixtures/lint/two-servers.lic'])).status).toBe(1);
});
