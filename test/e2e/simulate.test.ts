import { expect, test } from 'vitest';
import { Folder, run, Server } from './processes.ts';

const license =
  'SERVER this_host ANY\nVENDOR acmed\nINCREMENT solve acmed 1.0 permanent 12 SIGN=00\n';

test('a simulation and a live run of one seed agree', async () => {
  using folder = new Folder();
  const path = folder.file('acme.lic', license);
  await using server = await Server.start(folder, [path]);
  const load = ['--feature', 'solve', '--rate', '20/s', '--hold', 'exp:600ms', '--duration', '8s'];
  const words = ['simulate', ...load, '--license', path, '--seed', 'agree', '--json'];
  const { status, out, err } = await run('fauxlm', [...words, '--against', server.ready.address]);
  const told = JSON.parse(out) as {
    readonly agrees: boolean;
    readonly simulated: { readonly arrivals: number; readonly denied: number };
    readonly live: { readonly arrivals: number };
  };
  expect({ status, agrees: told.agrees }, err).toEqual({ status: 0, agrees: true });
  expect(told.live.arrivals).toBe(told.simulated.arrivals);
  expect(told.simulated.denied).toBeGreaterThan(0);
});

test('either seats or a license, not both and not neither', async () => {
  const { status, err } = await run('fauxlm', ['simulate', '--feature', 'solve', '--rate', '1/s']);
  expect([status, err]).toEqual([
    2,
    expect.stringContaining('expected either --seats or --license, got neither'),
  ]);
});
