import { spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, ended, environment, Folder, Server } from '../e2e/processes.ts';

/** The last release that runs on Node 20; its browser is a download that no install script is to begin. */
const ARTILLERY = 'artillery@2.0.21';
const engine = 'artillery-engine-fauxlm';

const license = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'VENDOR meshd',
  'INCREMENT solve acmed 1.0 permanent 12 SIGN=00',
  'INCREMENT mesh meshd 1.0 permanent 3 SIGN=00',
  '',
].join('\n');

const folder = new Folder();
afterAll(() => folder[Symbol.dispose]());

function program(command: string, words: readonly string[], cwd = folder.path): Promise<Ended> {
  const env = environment({ ARTILLERY_DISABLE_TELEMETRY: 'true' });
  return ended(spawn(command, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** As a user installs it: our package packed, Artillery from the registry, and the name between them. */
beforeAll(async () => {
  folder.file('package.json', '{ "private": true }');
  cpSync(`deploy/artillery/${engine}`, folder.at(engine), { recursive: true });
  cpSync('deploy/artillery/licenses.yml', folder.at('licenses.yml'));
  // dist/ is built already, and in use by who runs beside this.
  const packed = await program(
    'npm',
    ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder.path],
    resolve('.'),
  );
  expect(packed, packed.err).toMatchObject({ status: 0 });
  const tarball = readdirSync(folder.path).find((name) => name.endsWith('.tgz'))!;
  const quiet = ['--silent', '--ignore-scripts', '--no-audit', '--no-fund'];
  const installed = await program('npm', [
    ...['install', ...quiet, ARTILLERY, `./${tarball}`, `./${engine}`],
  ]);
  expect(installed, installed.err).toMatchObject({ status: 0 });
});

/** Runs the script that comes with the package, for some seconds. */
async function artillery(target: string, phases: readonly object[], more: readonly string[] = []) {
  const overrides = JSON.stringify({ config: { phases } });
  const words = ['run', 'licenses.yml', '--target', target, '--overrides', overrides, ...more];
  return program(process.execPath, [folder.at('node_modules/artillery/bin/run'), ...words]);
}

test('Artillery runs the example against a server: each grant goes back, its own checks pass', async () => {
  await using server = await Server.start(folder, [folder.file('a.lic', license)]);
  const output = ['--output', 'result.json'];
  const phases = [{ duration: 5, arrivalRate: 2, rampTo: 10 }];
  const { status, out } = await artillery(server.ready.address, phases, output);
  expect(out).toContain('ok: fauxlm.errors < 1');
  const { counters, summaries } = JSON.parse(
    readFileSync(folder.at('result.json'), 'utf8'),
  ).aggregate;
  expect(counters['vusers.created']).toBeGreaterThan(15);
  expect(counters['vusers.completed']).toBe(counters['vusers.created']);
  expect(counters['fauxlm.grants']).toBeGreaterThan(15);
  expect(counters['fauxlm.checkins']).toBe(counters['fauxlm.grants']);
  expect(counters['fauxlm.errors']).toBe(0);
  const answered =
    counters['fauxlm.grants'] + counters['fauxlm.denials'] + (counters['fauxlm.left'] ?? 0);
  expect(answered).toBe(counters['fauxlm.asked']);
  expect(summaries['fauxlm.checkout'].p99).toBeGreaterThan(0);
  expect(summaries['fauxlm.checkout'].count).toBeLessThanOrEqual(counters['fauxlm.asked']);
  // Speed is the machine's: only the check of times may fail.
  expect([0, 1]).toContain(status);
});

test('nobody there fails its check and its status, a mistake in the script is told without a stack', async () => {
  const phases = [{ duration: 1, arrivalRate: 2 }];
  const gone = await artillery('1@127.0.0.1', phases);
  expect(gone.status).toBe(1);
  expect(gone.out).toContain('errors.Cannot connect to license server system. (-15,0)');
  expect(gone.out).toContain('fail: fauxlm.errors < 1');
  const text = readFileSync(folder.at('licenses.yml'), 'utf8');
  folder.file('licenses.yml', text.replace('- checkout: {', '- chekout: {'));
  const wrong = await artillery('1@127.0.0.1', phases);
  folder.file('licenses.yml', text);
  expect(wrong.status).not.toBe(0);
  const said = `${wrong.out}${wrong.err}`;
  expect(said).toContain('scenario "engineer", step 1: expected a step');
  expect(said).toContain('got "chekout"; did you mean checkout?');
  expect(said).not.toMatch(/^\s+at .*artillery\.cjs/m);
});
