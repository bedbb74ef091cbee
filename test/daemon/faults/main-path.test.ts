import { expect, test } from 'vitest';
import { faulty, outcome } from './faulty-server.ts';

const cases: readonly (readonly [fault: string, seen: string])[] = [
  ['refused server=manager', '-15,570:111'],
  ['refused server=vendor', '-15,578:111'],
  ['reset server=manager', '-16,287:104'],
  ['reset server=vendor', '-16,287:104'],
  ['reset on=checkout', '-16,287:104'],
  ['half-open server=manager', '-52'],
  ['half-open server=vendor', '-52'],
  ['half-open user=ann', '-52'],
  ['freeze', '-52'],
  ['freeze on=checkout', '-52'],
  ['full server=manager', '-140'],
  ['full server=vendor', '-140'],
  ['truncate on=checkout', '-16'],
  ['truncate bytes=10 on=hello server=manager', '-16'],
  ['garble on=checkout', '-12'],
  ['garble on=hello', '-12'],
  ['length by=4 on=checkout', '-52'],
  ['length by=-4 on=checkout', '-12'],
  ['lost on=checkout', '-52'],
  ['redirect', '-15,578:111'],
  ['blocked', '-15,578:110'],
  ['dns', '-96'],
  ['down', '-97,121'],
  ['down user=ann', '-97,121'],
  ['clock-skew', '-34'],
  ['clock-set-back', '-88'],
  ['hostid', '-9'],
  ['removed', '-5'],
  ['expired', '-10'],
  ['denied code=-4', '-4'],
  ['slow latency=1m on=checkout', '-52'],
];

test.each(cases)('%s: clients see %s, and no more when it is cleared', async (fault, seen) => {
  const server = await faulty();
  expect(await outcome(server)).toBe('granted');
  await server.faults.add(fault);
  expect(await outcome(server)).toMatch(new RegExp(`^${seen}(?!\\d)`));
  await server.faults.clear();
  expect(await outcome(server)).toBe('granted');
});

test.each(['slice', 'slice bytes=1', 'duplicated on=checkout', 'slow latency=5ms rate=100k'])(
  '%s: clients see nothing of it',
  async (fault) => {
    const server = await faulty({ faults: [fault] });
    expect(await outcome(server)).toBe('granted');
    const [listed] = await server.faults.list();
    expect(listed!.hits).toBeGreaterThan(0);
  },
);
