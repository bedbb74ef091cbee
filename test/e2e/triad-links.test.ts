import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { type Ended, ended, environment, Folder, programs, until } from './processes.ts';
import { Members, triadLicense } from './triad-members.ts';
import { noNetwork, TriadNetwork } from './triad-network.ts';

const why = noNetwork();
if (why !== undefined) console.log(`skipped: a triad whose links are cut: ${why}`);

/** Runs a program to its end at a host of the network. */
function runAt(through: readonly string[], program: string, words: readonly string[]) {
  const line = [...through, process.execPath, program, ...words];
  return ended(spawn(line[0]!, line.slice(1), { env: environment() }));
}

test.skipIf(why !== undefined)(
  'a master whose link is cut stops, another serves, and nothing changes when the link is back',
  async () => {
    using folder = new Folder();
    using network = new TriadNetwork();
    const feature = 'INCREMENT solve acmed 2.0 permanent 2 SIGN=00';
    const license = folder.file('triad.lic', triadLicense('HEARTBEAT_INTERVAL=1', [feature]));
    await using members = new Members(
      (place) => [license, '--log', `+${Members.logOf(folder, place)}`],
      [],
      network,
    );
    await members.startAll();
    expect(members.master).toBe(0);

    const { address } = members;
    const client = [...network.through('hub'), process.execPath, programs.fauxlm, 'checkout'];
    const words = ['solve', '-c', address, '--user', 'ann', '--host', 'ws1', '--', 'sleep', '3600'];
    const holder = spawn(client[0]!, [...client.slice(1), ...words], {
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    holder.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    try {
      const lmstat = (): Promise<Ended> =>
        runAt(network.through('hub'), programs.lmutil, ['lmstat', '-f', 'solve', '-c', address]);
      const held = /^ {4}ann ws1 /m;
      await until(async () => held.test((await lmstat()).out));

      network.cut(0, true);
      await members.until(() => members.view(0)?.serving === false && members.master === 1);
      const checkout = (at: number | 'hub', from: string): Promise<Ended> =>
        runAt(network.through(at), programs.fauxlm, [
          'checkout',
          'solve',
          '-c',
          from,
          '--',
          'true',
        ]);
      expect((await checkout('hub', members.at(1))).status).toBe(0);
      // Nobody gets a license of the one that is alone, not even on its own host.
      expect((await checkout(0, members.at(0))).status).toBe(3);

      network.cut(0, false);
      await members.connected();
      // Until now the client knew nothing: the end of its connection was lost, too.
      await until(() => said.includes('regained'));
      expect(members.master).toBe(1);
      const { out } = await lmstat();
      expect(out).toMatch(/two: license server UP \(MASTER\)/);
      expect(out.match(/license server UP/g)).toHaveLength(3);
      expect(out).toMatch(/Total of 1 license in use/);
    } finally {
      holder.kill('SIGKILL');
    }
  },
  120_000,
);
