import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { acme, alive, ended, environment, Folder, programs, textOf, until } from './processes.ts';

test('--stop-with-parent stops the server when the process that started it is killed', async () => {
  using folder = new Folder();
  const ready = folder.at('ready.json');
  const words = ['serve', folder.file('a.lic', acme), '--port', '0', '--ready-file', ready];
  const script = `
    const { spawn } = require('node:child_process');
    spawn(process.execPath, ${JSON.stringify([programs.fauxlm, ...words, '--stop-with-parent'])}, { stdio: 'ignore' });
    setInterval(() => {}, 1000);
  `;
  const parent = spawn(process.execPath, ['-e', script], { env: environment(), stdio: 'ignore' });
  await until(() => textOf(ready) !== '');
  const { pid } = JSON.parse(textOf(ready)) as { pid: number };
  parent.kill('SIGKILL');
  await until(() => !alive(pid));
  expect(existsSync(ready)).toBe(false);
});

test('--stop-with-parent does not serve when who started it was killed before it could look', async () => {
  using folder = new Folder();
  const ready = folder.at('ready.json');
  const words = ['serve', folder.file('a.lic', acme), '--port', '0', '--ready-file', ready];
  // Nothing of ours runs before the parent is gone and the child is told to go on.
  const line = `kill -STOP $$; exec "$0" "$@"`;
  const script = `
    const { spawn } = require('node:child_process');
    const words = ${JSON.stringify([programs.fauxlm, ...words, '--stop-with-parent'])};
    const child = spawn('sh', ['-c', ${JSON.stringify(line)}, process.execPath, ...words], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, FAUXLM_PARENT_PID: process.pid },
    });
    console.log(child.pid);
    setInterval(() => {}, 1000);
  `;
  const parent = spawn(process.execPath, ['-e', script], { env: environment() });
  // Its output ends with the last of the two.
  const over = ended(parent);
  const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(chunk);
  const stateOf = (): string => textOf(`/proc/${pid}/stat`).split(') ')[1] ?? '';
  await until(() => stateOf().startsWith('T'));
  parent.kill('SIGKILL');
  await until(() => !stateOf().startsWith(`T ${parent.pid} `));
  process.kill(pid, 'SIGCONT');
  const { out, err } = await over;
  await until(() => !alive(pid));
  expect({ out, err, ready: existsSync(ready) }).toEqual({
    out: `${pid}\n`,
    err: '',
    ready: false,
  });
});
