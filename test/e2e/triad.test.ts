import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { TriadReadyFile } from '../../src/cli/triad-run.ts';
import { connectClient } from '../../src/client/client.ts';
import { freeTriadPorts } from '../../src/scenario/triad-ports.ts';
import { ended, environment, Folder, programs, run, textOf, until } from './processes.ts';
import { Members, triadLicense } from './triad-members.ts';

const solve = 'INCREMENT solve acmed 2.0 permanent 2 SIGN=00';

/** How the members stand by lmstat: host, and what is said of it. */
async function states(address: string): Promise<readonly string[]> {
  const { out } = await run('lmutil', ['lmstat', '-c', address]);
  const found = [...out.matchAll(/^ *(\w+): license server (UP(?: \(MASTER\))?) v/gm)];
  return found.map(([, host, state]) => `${host} ${state}`);
}

/** A running `fauxlm triad`. */
async function startTriadCommand(folder: Folder, license: string) {
  const readyFile = folder.at('ready.json');
  const log = folder.at('debug.log');
  const words = ['triad', license, '--log', log, '--ready-file', readyFile];
  const child = spawn(process.execPath, [programs.fauxlm, ...words], { env: environment() });
  const over = ended(child);
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    void over.then(({ err }) => reject(new Error(err)));
  });
  const ready = JSON.parse(readFileSync(readyFile, 'utf8')) as TriadReadyFile;
  return {
    ready,
    logs: [1, 2, 3].map((number) => `${log}.${number}`),
    over,
    async [Symbol.asyncDispose](): Promise<void> {
      child.kill('SIGTERM');
      await over;
    },
  };
}

describe('fauxlm triad', () => {
  test('elects, fails over, loses its quorum, and says so in its logs and by lmstat from every side', async () => {
    using folder = new Folder();
    const ports = await freeTriadPorts();
    const text = ports.reduce(
      (all, port, place) => all.replace(`${27_701 + place}`, `${port}`),
      triadLicense('HEARTBEAT_INTERVAL=1', [solve]),
    );
    await using triad = await startTriadCommand(folder, folder.file('triad.lic', text));
    const { members, address } = triad.ready;
    const sides = members.map((member) => member.address);
    expect(await states(address)).toEqual(['one UP (MASTER)', 'two UP', 'three UP']);
    // Who is asked alone says how it stands itself.
    expect((await Promise.all(sides.map(states))).flat()).toEqual(await states(address));
    const [first, second, third] = triad.logs as [string, string, string];
    const toldMaster = /\(lmgrd\) (?:CONNECTED, master is|Selected \(EXISTING\) master) one/;
    await until(() => triad.logs.every((log) => toldMaster.test(textOf(log))));

    process.kill(members[0]!.pid, 'SIGKILL');
    await until(() => textOf(second).includes('CONNECTED, master is two'));
    await until(async () => (await states(address)).join() === 'two UP (MASTER),three UP');
    const alive = await Promise.all(sides.slice(1).map(states));
    expect(alive).toEqual([['two UP (MASTER)'], ['three UP']]);
    await until(() =>
      [second, third].every((log) => textOf(log).includes('Lost connection to one')),
    );
    const checkout = ['checkout', 'solve', '-c', address, '--user', 'ann', '--', 'true'];
    expect((await run('fauxlm', checkout)).status).toBe(0);
    await until(() => textOf(second).includes('(acmed) OUT: "solve" ann@'));

    process.kill(members[2]!.pid, 'SIGKILL');
    await until(() => textOf(second).includes('Lost quorum'));
    await until(() => textOf(second).includes('Killing child servers'));
    const alone = await run('fauxlm', checkout);
    expect([alone.status, alone.err]).toEqual([3, expect.stringContaining('error:-97,121')]);
    expect(textOf(first)).not.toContain('Lost connection');
  });
});

describe('members started one by one', () => {
  test('with PRIMARY_IS_MASTER the primary takes over when it returns, and clients go with it', async () => {
    using folder = new Folder();
    const text = triadLicense('PRIMARY_IS_MASTER HEARTBEAT_INTERVAL=1', [solve]);
    const license = folder.file('triad.lic', text);
    await using members = new Members((place) => [
      license,
      ...['--log', `+${Members.logOf(folder, place)}`],
    ]);
    await members.startAll();
    const moves: string[] = [];
    const client = await connectClient({
      ...{ server: members.address, user: 'ann', host: 'ws1' },
      onEvent: (event) => {
        if (event.kind === 'regained') moves.push(event.server);
      },
    });
    expect(await client.checkout('solve')).toMatchObject({ ok: true });
    await members.end(0, 'SIGTERM');
    await until(() => moves.length === 1);
    await members.start(0);
    await until(() => moves.length === 2);
    expect(moves).toEqual([members.at(1), members.at(0)]);
    expect(await states(members.address)).toEqual(['one UP (MASTER)', 'two UP', 'three UP']);
    await until(() => textOf(Members.logOf(folder, 1)).includes('Removing clients of children'));
    client.close();
  });

  test('another order of the SERVER lines is told, and the alphabetical one taken', async () => {
    using folder = new Folder();
    const orders = [
      [0, 1, 2],
      [0, 1, 2],
      [2, 1, 0],
    ];
    const files = orders.map((order, place) =>
      folder.file(`${place}.lic`, triadLicense('HEARTBEAT_INTERVAL=1', [solve], order)),
    );
    await using members = new Members(
      (place) => [files[place]!, '--log', `+${Members.logOf(folder, place)}`],
      orders,
    );
    for (const place of [0, 1, 2]) await members.start(place);
    const told = 'License File SERVER line order mismatch.';
    await until(() => [0, 1, 2].every((at) => textOf(Members.logOf(folder, at)).includes(told)));
    await until(() => members.master !== undefined);
    await until(() => textOf(Members.logOf(folder, 2)).includes('Using alphabetical order'));
  });

  test('daemons in processes of their own stop granting although their manager is frozen', async () => {
    using folder = new Folder();
    const license = folder.file('triad.lic', triadLicense('HEARTBEAT_INTERVAL=1', [solve]));
    await using members = new Members(() => [license, '--processes']);
    await members.startAll();
    const ann = await connectClient({ server: members.at(0), user: 'ann', host: 'ws1' });
    expect(await ann.checkout('solve')).toMatchObject({ ok: true });
    await members.end(0, 'SIGSTOP');
    await members.until(() => members.view(1)?.serving === true);
    // The daemon of the old master runs, and the connection to it stands.
    expect(await ann.checkout('solve')).toMatchObject({ ok: false, refusal: { major: -16 } });
    const ben = await connectClient({ server: members.at(1), user: 'ben', host: 'ws2' });
    expect(await ben.checkout('solve', { count: 2 })).toMatchObject({ ok: true });
    ann.close();
    ben.close();
  });
});
