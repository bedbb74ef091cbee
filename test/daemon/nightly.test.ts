import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../src/base/clock.ts';
import { connectClient, startLicenseServer } from '../../src/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightly-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const license = (features: readonly string[]): string =>
  ['SERVER this_host ANY', 'VENDOR acmed']
    .concat(features.map((name) => `INCREMENT ${name} acmed 1.0 permanent 1 SIGN=00`))
    .map((line) => `${line}\n`)
    .join('');

test.each([
  ['', ['solve', 'mesh']],
  ['AUTOMATIC_REREAD ON\n', ['solve', 'mesh']],
  ['AUTOMATIC_REREAD OFF\n', ['solve']],
])('at midnight license data are read again, with %j', async (options, expected) => {
  const file = join(folder, 'a.lic');
  writeFileSync(file, license(['solve']));
  await using server = await startLicenseServer({
    licenses: file,
    options: { acmed: { name: 'acmed.opt', text: options } },
    clock: new ManualClock(Date.UTC(2030, 0, 7, 22)),
    timeZone: 'UTC',
  });
  const served = (): readonly string[] => server.snapshot('acmed').features.map(({ name }) => name);
  writeFileSync(file, license(['solve', 'mesh']));
  await server.clock.advance('1h');
  expect(served(), 'before midnight').toEqual(['solve']);
  await server.clock.advance('2h');
  expect(served()).toEqual(expected);
});

/** Zones whose clocks are changed: at which UTC the days in question begin there, as tables of time zones have it. */
const changes = [
  {
    zone: 'America/New_York',
    date: '14-mar-2027',
    begins: '2027-03-14T05:00Z',
    ends: '2027-03-15T04:00Z',
  },
  {
    zone: 'America/New_York',
    date: '7-nov-2027',
    begins: '2027-11-07T04:00Z',
    ends: '2027-11-08T05:00Z',
  },
  {
    zone: 'Europe/Berlin',
    date: '31-oct-2027',
    begins: '2027-10-30T22:00Z',
    ends: '2027-10-31T23:00Z',
  },
  // By half an hour.
  {
    zone: 'Australia/Lord_Howe',
    date: '4-apr-2027',
    begins: '2027-04-03T13:00Z',
    ends: '2027-04-04T13:30Z',
  },
  // This day begins at one o'clock.
  {
    zone: 'Asia/Beirut',
    date: '28-mar-2027',
    begins: '2027-03-27T22:00Z',
    ends: '2027-03-28T21:00Z',
  },
  // This day has two midnights.
  {
    zone: 'America/Havana',
    date: '7-nov-2027',
    begins: '2027-11-07T04:00Z',
    ends: '2027-11-08T05:00Z',
  },
  // The day behind it was left out.
  {
    zone: 'Pacific/Apia',
    date: '29-dec-2011',
    begins: '2011-12-29T10:00Z',
    ends: '2011-12-30T10:00Z',
  },
];
test.each(changes)(
  'a license of $date ends with that day in $zone, and files are read again at its ends only',
  async ({ zone, date, begins, ends }) => {
    const [from, to] = [Date.parse(begins), Date.parse(ends)];
    const text = [
      'SERVER this_host ANY',
      'VENDOR acmed',
      `INCREMENT old acmed 1.0 ${date} 1 SIGN=00`,
      `INCREMENT new acmed 1.0 permanent 1 START=${date} SIGN=00`,
      '',
    ].join('\n');
    const log = join(folder, 'debug.log');
    const second = 1_000;
    await using server = await startLicenseServer({
      licenses: { name: 'a.lic', text },
      clock: new ManualClock(from - second),
      timeZone: zone,
      log,
    });
    const client = await connectClient({ server: server.address, user: 'ann', host: 'ws1' });
    const granted = async () => {
      const answers = [await client.checkout('old'), await client.checkout('new')];
      for (const answer of answers) if (answer.ok) await client.checkin(answer);
      return answers.map(({ ok }) => ok);
    };
    expect(await granted()).toEqual([true, false]);
    await server.clock.advance('1s');
    expect(await granted()).toEqual([true, true]);
    await server.clock.set(to - second);
    expect(await granted()).toEqual([true, true]);
    await server.clock.advance('1s');
    expect(await granted()).toEqual([false, true]);
    client.close();
    await server.stop();
    expect(readFileSync(log, 'utf8').match(/Rereading license file\.\.\./g)).toHaveLength(2);
  },
);
