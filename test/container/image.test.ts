import { execFileSync } from 'node:child_process';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The image that .ci/containers built from the Dockerfile. */
const IMAGE = process.env['FAUXLM_TEST_IMAGE'] || 'localhost/fauxlm:test';

const license = [
  'SERVER this_host ANY 27000',
  'VENDOR acmed',
  'INCREMENT solve acmed 1.0 permanent 2 SIGN=00',
  '',
].join('\n');

let container: StartedTestContainer;
let mapped: string;

beforeAll(async () => {
  container = await new GenericContainer(IMAGE)
    .withCopyContentToContainer([{ content: license, target: '/tmp/acme.lic' }])
    .withCommand(['serve', '/tmp/acme.lic', '--host', '0.0.0.0', '--single-port'])
    .withExposedPorts(27000)
    .withWaitStrategy(Wait.forLogMessage(/fauxlm ready/))
    .start();
  mapped = `${container.getMappedPort(27000)}@${container.getHost()}`;
});

afterAll(async () => {
  await container?.stop();
});

function run(script: string, ...words: string[]): { status: number; text: string } {
  try {
    const text = execFileSync(process.execPath, [script, ...words], { encoding: 'utf8' });
    return { status: 0, text };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { status, text: stdout + stderr };
  }
}

test('a seat is checked out through a mapped port', () => {
  const words = ['checkout', 'solve', '-n', '2', '-c', mapped, '--', 'true'];
  expect(run('dist/cli/fauxlm.js', ...words)).toMatchObject({ status: 0 });
});

test('more than the pool is refused through it, too', () => {
  const words = ['checkout', 'solve', '-n', '3', '-c', mapped, '--', 'true'];
  const { status, text } = run('dist/cli/fauxlm.js', ...words);
  expect(status).toBe(6);
  expect(text).toContain('-26,');
});

test('lmstat on the host reads the server in the container', () => {
  const { status, text } = run('dist/lmutil.cjs', 'lmstat', '-a', '-c', mapped);
  expect(status).toBe(0);
  expect(text).toContain(
    'Users of solve:  (Total of 2 licenses issued;  Total of 0 licenses in use)',
  );
});

test('the process is not root, and lmutil works inside', async () => {
  const id = await container.exec(['id', '-u']);
  expect(id.output.trim()).toMatch(/^[1-9]/);
  const status = await container.exec(['lmutil', 'lmstat', '-c', '27000@localhost']);
  expect(status.exitCode).toBe(0);
});
