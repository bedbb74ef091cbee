import { expect, test } from 'vitest';
import { client, codes, faulty, outcome } from './faulty-server.ts';

async function outcomes(
  server: { readonly address: string },
  times: number,
  who: Parameters<typeof outcome>[1] = {},
): Promise<readonly string[]> {
  const list: string[] = [];
  for (let time = 0; time < times; time++) list.push(await outcome(server, who));
  return list.map((each) => each.split(',')[0]!);
}

test('nth is that one call only, first the first so many', async () => {
  const server = await faulty();
  await server.faults.add('denied code=-4 nth=2');
  expect(await outcomes(server, 4)).toEqual(['granted', '-4', 'granted', 'granted']);
  await server.faults.clear();
  await server.faults.add({ fault: 'denied', code: -39, first: 2 });
  expect(await outcomes(server, 4)).toEqual(['-39', '-39', 'granted', 'granted']);
});

test('triggers go together: of the calls of their scope', async () => {
  const server = await faulty();
  await server.faults.add('denied code=-9 user=ann feature=solve first=1');
  expect(await outcome(server, { user: 'bob' })).toBe('granted');
  expect(await outcome(server, { feature: 'mesh' })).toBe('granted');
  expect(await outcome(server, { user: 'ann' })).toBe('-9,940');
  expect(await outcome(server, { user: 'ann' })).toBe('granted');
  expect(await server.faults.list()).toMatchObject([{ hits: 1, state: 'on' }]);
});

test('users are told apart by letter case, hosts and features are not; a list is any of it', async () => {
  const server = await faulty();
  await server.faults.add('denied user=ann,bob host=WS1 feature=SOLVE');
  expect(await outcomes(server, 1, { user: 'bob' })).toEqual(['-4']);
  expect(await outcomes(server, 1, { user: 'Ann' })).toEqual(['granted']);
  expect(await outcomes(server, 1, { host: 'ws2' })).toEqual(['granted']);
});

test('the same seed draws the same, another seed something else', async () => {
  const draw = async (seed: string): Promise<string> => {
    const server = await faulty({ seed, faults: ['denied probability=1/2'] });
    return (await outcomes(server, 24)).map((each) => (each === 'granted' ? '.' : 'x')).join('');
  };
  const first = await draw('one');
  expect(await draw('one')).toBe(first);
  expect(await draw('two')).not.toBe(first);
  expect(first).toMatch(/x/);
  expect(first).toMatch(/\./);
});

test('windows are of the clock of the server', async () => {
  const server = await faulty({ clock: 'manual@2030-01-07T09:00Z' });
  await server.faults.add('denied code=-38 after=10m for=5m');
  await server.faults.add('denied code=-39 until=2030-01-07T09:05:00Z');
  const states = async () => (await server.faults.list()).map(({ state }) => state);
  expect(await outcomes(server, 1)).toEqual(['-39']);
  expect(await states()).toEqual(['waiting', 'on']);
  await server.clock.advance('5m');
  expect(await outcomes(server, 1)).toEqual(['granted']);
  expect(await states()).toEqual(['waiting', 'over']);
  await server.clock.advance('5m');
  expect(await outcomes(server, 1)).toEqual(['-38']);
  await server.clock.advance('5m');
  expect(await outcomes(server, 1)).toEqual(['granted']);
  expect(await states()).toEqual(['over', 'over']);
});

test('a daemon that is down for an hour is down for an hour of the clock of the server', async () => {
  const server = await faulty({ clock: 'manual', faults: ['down for=1h'] });
  expect(await outcomes(server, 1)).toEqual(['-97']);
  await server.clock.advance('59m');
  expect(await outcomes(server, 1)).toEqual(['-97']);
  await server.clock.advance('1m');
  expect(await outcomes(server, 1)).toEqual(['granted']);
});

test('a port that is refused for a minute opens again by itself', async () => {
  const server = await faulty({ clock: 'manual', faults: ['refused server=vendor for=1m'] });
  const { port } = server.vendors[0]!;
  expect(await outcomes(server, 1)).toEqual(['-15']);
  await server.clock.advance('1m');
  expect(await outcomes(server, 1)).toEqual(['granted']);
  expect(server.vendors[0]!.port).toBe(port);
});

test('a reply that is late comes when the clock is moved, and the next behind it', async () => {
  const server = await faulty({ clock: 'manual', faults: ['slow latency=10s on=checkout'] });
  const asking = await client(server, 'ann', 'ws1', 5_000);
  const answers: string[] = [];
  const first = asking.checkout('solve').then((answer) => answers.push(`solve ${codes(answer)}`));
  const taken = new Promise<void>((done) => {
    const end = server.listen(({ event }) => {
      if (event.kind !== 'seatTaken') return;
      end();
      done();
    });
  });
  await taken;
  await server.clock.advance('9s');
  expect(answers).toEqual([]);
  await server.clock.advance('1s');
  await first;
  expect(answers).toEqual(['solve granted']);
});

test('several faults act on one reply: late, twice and in pieces', async () => {
  const faults = ['slow latency=5ms jitter=5ms', 'duplicated on=checkout', 'slice bytes=7'];
  const server = await faulty({ faults });
  expect(await outcome(server)).toBe('granted');
  const hits = (await server.faults.list()).map((each) => each.hits);
  expect(hits.every((count) => count > 0)).toBe(true);
});

test('a reset ends all faults and numbers them anew', async () => {
  const server = await faulty({ faults: ['denied', 'down', 'refused server=manager'] });
  await server.reset();
  expect(await server.faults.list()).toEqual([]);
  expect(await outcome(server)).toBe('granted');
  expect((await server.faults.add('denied')).id).toBe('f1');
});
