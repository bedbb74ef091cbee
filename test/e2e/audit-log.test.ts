import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { acme, ended, environment, Folder, programs, textOf, until } from './processes.ts';

/** Of a file, by `ulimit -f 1`. */
const BYTES_MAX = 1_024;
/** Room for the line of a change, and for a part of its outcome. */
const ROOM_BYTES = 150;

test('on a disk that fills up a change is made or refused as it says, and lines stay whole once there is room', async () => {
  using folder = new Folder();
  const [audit, ready] = [folder.at('audit.log'), folder.at('ready.json')];
  writeFileSync(audit, `${'x'.repeat(BYTES_MAX - ROOM_BYTES - 1)}\n`);
  const words = [
    folder.file('acme.lic', acme),
    '--port=0',
    '--http=127.0.0.1:0',
    '--log-level=warn',
  ];
  const flags = [`--http-audit=${audit}`, `--ready-file=${ready}`, '--clock=manual'];
  const script = 'trap "" XFSZ; ulimit -f 1; exec "$@"';
  const program = [process.execPath, programs.fauxlm, 'serve', ...words, ...flags];
  const child = spawn('bash', ['-c', script, 'bash', ...program], { env: environment() });
  const over = ended(child);
  await until(() => textOf(ready) !== '');
  const { http } = JSON.parse(textOf(ready)) as { readonly http: string };
  const advance = async () => {
    const headers = { 'content-type': 'application/json' };
    const asked = { method: 'POST', headers, body: '{"by":"1h"}' };
    return (await fetch(`${http}/clock/advance`, asked)).status;
  };
  const time = async () => ((await (await fetch(`${http}/clock`)).json()) as { ms: number }).ms;

  const began = await time();
  expect(await advance()).toBe(200);
  expect(await time()).toBe(began + 3_600_000);
  expect(await advance()).toBe(503);
  expect(await time()).toBe(began + 3_600_000);

  writeFileSync(audit, '');
  expect(await advance()).toBe(200);
  child.kill('SIGTERM');
  const { status, err } = await over;
  expect(status).toBe(0);
  expect(err).toContain('outcome of a change is missing in the audit log');
  const lines = textOf(audit).split('\n').filter(Boolean);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ by: 'local' }, { status: 200 }]);
});
