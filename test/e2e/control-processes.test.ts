import { expect, test, vi } from 'vitest';
import { acme, Folder, Server } from './processes.ts';

test('with daemons in processes of their own the control plane tells of each what is so', async () => {
  using folder = new Folder();
  const words = [folder.file('acme.lic', acme), '--processes', '--http', '127.0.0.1:0'];
  const server = await Server.start(folder, words);
  try {
    const { http } = server.ready;
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ feature: 'solve', user: 'ann', host: 'ws1' });
    const asked = await fetch(`${http}/checkout`, { method: 'POST', headers, body });
    expect(await asked.json()).toMatchObject({ granted: true });
    for (let time = 0; time < 2; time++) {
      const users = (await (await fetch(`${http}/users`)).json()) as { users: unknown[] };
      expect(users.users).toEqual([expect.objectContaining({ user: 'ann', feature: 'solve' })]);
    }
    const journal = (await (await fetch(`${http}/journal?kind=seatTaken`)).json()) as {
      events: unknown[];
    };
    expect(journal.events).toHaveLength(1);
    const metrics = await (await fetch(`${http}/metrics`)).text();
    expect(metrics).toMatch(/^fauxlm_feature_seats_out\{feature="solve",vendor="\w+"\} 1$/m);
    // With no daemon up answers are kept; the pid is there until the process has ended.
    const vendors = async () =>
      ((await (await fetch(`${http}/vendors`)).json()) as { vendors: Record<string, unknown>[] })
        .vendors;
    for (const { vendor } of await vendors()) {
      await fetch(`${http}/down`, { method: 'POST', headers, body: JSON.stringify({ vendor }) });
    }
    await vi.waitFor(
      async () => {
        for (const each of await vendors())
          expect(each).toMatchObject({ up: false, port: 0, pid: 0 });
      },
      { timeout: 10_000, interval: 1 },
    );
  } finally {
    await server.stop();
  }
});
