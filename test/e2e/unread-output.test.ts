import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { checkoutBytes, greeted } from '../daemon/raw-client.ts';
import { acme, environment, Folder, programs, type ReadyFile, textOf, until } from './processes.ts';

test.each([{ more: [] }, { more: ['--processes'] }])(
  'a debug log on a standard output that nobody reads holds up neither clients nor the end: serve $more',
  async ({ more }) => {
    using folder = new Folder();
    const ready = folder.at('ready.json');
    const words = ['serve', folder.file('acme.lic', acme), '--log', '-', '--port', '0', ...more];
    const child = spawn(process.execPath, [programs.fauxlm, ...words, '--ready-file', ready], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    await until(() => textOf(ready).endsWith('}\n'));
    const { vendors } = JSON.parse(textOf(ready)) as ReadyFile;
    const client = await greeted(vendors[0]!.port);
    // Some 4 MB of DENIED and OUT lines, far more than a pipe keeps.
    const asked = 40_000;
    for (let tag = 1; tag <= asked; tag++) client.send(checkoutBytes('solve', { tag }));
    for (let tag = 1; tag <= asked; tag++) {
      expect((await client.message()).bytes.readUInt32BE(21)).toBe(tag);
    }
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  },
);
