import { expect, test } from 'vitest';
import { connectClient } from '../../src/client/client.ts';
import { startTriad } from '../../src/testing/triad.ts';
import { triadText as text } from '../make.ts';

test('the primary is the master; the secondary takes over at once when it is killed', async () => {
  await using triad = await startTriad({ licenses: { name: 'triad.lic', text: text() } });
  expect(triad.master?.name).toBe('one');
  await triad.kill('one');
  expect((await triad.elected()).name).toBe('two');
  const client = await connectClient({ server: triad.address, user: 'ann', host: 'h1' });
  expect(await client.checkout('a')).toMatchObject({ ok: true });
  client.close();
});

test('on a manual clock a partition takes its time and not ours', async () => {
  await using triad = await startTriad({
    licenses: { name: 'triad.lic', text: text('HEARTBEAT_INTERVAL=20') },
    clock: 'manual',
  });
  await triad.clock.advance('30d');
  expect(triad.master?.name).toBe('one');
  triad.partition('one|two,three');
  await triad.clock.advance('77s');
  expect(triad.master?.name).toBe('one');
  await triad.clock.advance('1s');
  expect(triad.master?.name).toBe(undefined);
  await triad.clock.advance('1s');
  expect(triad.master?.name).toBe('two');
  triad.heal();
  await triad.clock.advance('1s');
  expect(triad.master?.name).toBe('two');
  expect(triad.members.map(({ master }) => master)).toEqual([false, true, false]);
});
