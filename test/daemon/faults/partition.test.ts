import { expect, test } from 'vitest';
import { startLicenseServer } from '../../../src/testing/license-server.ts';
import { startTriad } from '../../../src/testing/triad.ts';
import { triadText } from '../../make.ts';

test('a single server knows no partition', async () => {
  const text = 'SERVER this_host ANY\nVENDOR acmed\nINCREMENT a acmed 1.0 permanent 1 SIGN=00\n';
  await using server = await startLicenseServer({ licenses: { name: 'a.lic', text } });
  await expect(server.faults.add('partition groups=one|two,three')).rejects.toMatchObject({
    code: 'USAGE',
    message: 'partition: expected a member of a triad, got a single license server',
  });
});

test('at each member, a partition lasts until it is cleared; several add up', async () => {
  await using triad = await startTriad({
    licenses: { name: 'triad.lic', text: triadText('') },
    clock: 'manual',
  });
  await expect(triad.member(1).server.faults.add('partition groups=one|two')).rejects.toThrow(
    'partition: expected each of one, two, three once, in groups such as one|two,three, got "one|two"',
  );
  for (const { server } of triad.members) {
    await server.faults.add('partition groups=one|two,three id=a');
    await server.faults.add('partition groups=one,two|three id=b');
  }
  await triad.clock.advance('5m');
  // All three are apart.
  expect(triad.master).toBe(undefined);
  for (const { server } of triad.members) await server.faults.clear('a');
  await triad.clock.advance('5m');
  expect(triad.master?.name).toBe('one');
  for (const { server } of triad.members) await server.faults.clear();
  await triad.clock.advance('5m');
  expect(triad.members.map(({ master }) => master)).toEqual([true, false, false]);
});
