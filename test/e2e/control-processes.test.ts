import { expect, test } from 'vitest';
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
  } finally {
    await server.stop();
  }
});
