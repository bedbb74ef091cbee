import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connectClient } from '../../src/client/client.ts';
import type { LicenseClient } from '../../src/client/license-client.ts';
import { startLicenseServer } from '../../src/testing/license-server.ts';
import { greeted, statusBytes } from '../daemon/raw-client.ts';
import { lmutil } from './test-io.ts';

const license = [
  'SERVER this_host ANY',
  'VENDOR adskflex',
  'PACKAGE 64300ACD_F adskflex 1.000 COMPONENTS="87545ACD_2022_0F 87393ACD_2021_0F" OPTIONS=SUITE',
  'INCREMENT 64300ACD_F adskflex 1.000 permanent 3 DUP_GROUP=UH SUITE_DUP_GROUP=UHV',
  'PACKAGE kit adskflex 1.000 COMPONENTS="pen paper:2.0:4"',
  'INCREMENT kit adskflex 1.000 permanent 2',
  'INCREMENT kit adskflex 1.000 1-jan-2020 9',
  'PACKAGE held adskflex 1.000 COMPONENTS="left right" OPTIONS=SUITE_RESERVED',
  'INCREMENT held adskflex 1.000 permanent 2',
  'INCREMENT alone adskflex 1.000 permanent 1',
  '',
].join('\n');

async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-suites-'));
  const log = join(folder, 'debug.log');
  const server = await startLicenseServer({
    licenses: { name: 'suites.lic', text: license },
    lmremoveAgeSecondsMin: 0,
    log,
  });
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= server.stop());
  onTestFinished(async () => {
    await stop();
    rmSync(folder, { recursive: true });
  });
  async function client(user: string): Promise<LicenseClient> {
    const made = await connectClient({
      server: server.address,
      vendor: 'adskflex',
      user,
      host: `${user}-pc`,
      display: ':0',
    });
    onTestFinished(() => made.close());
    return made;
  }
  async function listing(feature: string): Promise<readonly string[]> {
    const { out } = await lmutil(['lmstat', '-f', feature, '-c', server.address]);
    return (
      out.match(/^(Users of .*|\t.*RESERVATION.* [A-Z]+ \S+|.* v\S+, vendor.*| {4}\w+ \w+-pc)/gm) ??
      []
    );
  }
  return { server, log, stop, client, listing };
}

test('lmstat shows who has a suite under its own name and under the component', async () => {
  const { client, listing } = await start();
  await (await client('ann')).checkout('87545ACD_2022_0F', { version: '1.0' });
  expect(await listing('64300ACD_F')).toEqual([
    'Users of 64300ACD_F:  (Total of 3 licenses issued;  Total of 1 license in use)',
    expect.stringContaining('"64300ACD_F" v1.000, vendor: adskflex'),
    '    ann ann-pc',
  ]);
  expect(await listing('87545ACD_2022_0F')).toEqual([
    'Users of 87545ACD_2022_0F:  (Total of 3 licenses issued;  Total of 1 license in use)',
    expect.stringContaining('"87545ACD_2022_0F" v1.000, vendor: adskflex'),
    '    ann ann-pc',
  ]);
  expect(await listing('87393ACD_2021_0F')).toEqual([
    'Users of 87393ACD_2021_0F:  (Total of 3 licenses issued;  Total of 0 licenses in use)',
  ]);
});

test('lmstat shows what SUITE_RESERVED holds for a user as reserved', async () => {
  const { client, listing } = await start();
  await (await client('ann')).checkout('left');
  expect(await listing('right')).toEqual([
    'Users of right:  (Total of 2 licenses issued;  Total of 1 license in use)',
    expect.stringContaining('"right" v1.000'),
    '\t1 RESERVATION for USER ann',
  ]);
});

test('the public status counts the seats of a suite, each with its record', async () => {
  const { server, client } = await start();
  await (await client('ann')).checkout('87545ACD_2022_0F');
  const raw = await greeted(server.vendors[0]!.port, 'adskflex');
  raw.send(statusBytes('64300ACD_F'));
  const head = (await raw.message()).bytes.toString('latin1', 22).split('\0');
  expect(head.filter(Boolean).slice(0, 2)).toEqual(['1', '3']);
  expect((await raw.message()).bytes.toString('latin1', 20)).toMatch(/^ann\0/);
});

test('lmremove of a suite, by its own handle, takes the component too', async () => {
  const { server, client } = await start();
  const ann = await client('ann');
  const held = await ann.checkout('87545ACD_2022_0F');
  expect(held).toMatchObject({ ok: true, handle: 102 });
  const { port } = server;
  const words = [
    'lmremove',
    '-c',
    server.address,
    '-h',
    '64300ACD_F',
    '127.0.0.1',
    `${port}`,
    '101',
  ];
  expect(await lmutil(words)).toMatchObject({ status: 0 });
  const used = server.snapshot('adskflex').features.map((feature) => feature.used);
  expect(Math.max(...used)).toBe(0);
});

test('the debug log lists packages with their components, and pairs of OUT and IN as Autodesk does', async () => {
  const { log, stop, client } = await start();
  const ann = await client('ann');
  const held = await ann.checkout('87545ACD_2022_0F', { count: 2 });
  if (held.ok) await ann.checkin(held);
  await ann.checkout('pen');
  expect(await ann.checkout('64300ACD_F')).toMatchObject({ refusal: { major: -125 } });
  expect(await ann.checkout('kit')).toMatchObject({ refusal: { major: -5 } });
  await stop();
  const text = readFileSync(log, 'utf8').replaceAll(/^..:..:.. /gm, '');
  const list = text.slice(text.indexOf('Server started on'), text.indexOf('EXTERNAL FILTERS'));
  expect(list.replaceAll('(adskflex)', '').replaceAll(/\s+/g, ' ').trim()).toMatch(
    /for: 64300ACD_F \(consisting of: 87545ACD_2022_0F 87393ACD_2021_0F\) kit \(consisting of: pen paper\) held \(consisting of: left right\) alone$/,
  );
  expect(text.match(/EXPIRED: .*/g)).toEqual(['EXPIRED: kit']);
  expect(text.match(/(OUT|IN|DENIED|UNSUPPORTED): "\S+" .*?@ann-pc.*/g)).toEqual([
    'OUT: "64300ACD_F" ann@ann-pc  (2 licenses) ',
    'OUT: "87545ACD_2022_0F" ann@ann-pc  (2 licenses) ',
    'IN: "87545ACD_2022_0F" ann@ann-pc  (2 licenses) ',
    'IN: "64300ACD_F" ann@ann-pc  (2 licenses) ',
    'OUT: "pen" ann@ann-pc  ',
    expect.stringMatching(/^DENIED: "64300ACD_F" ann@ann-pc {2}\(.* \(-125,913\)\)$/),
    expect.stringMatching(/^UNSUPPORTED: "kit" .*\(-5,346\)\)$/),
    expect.stringMatching(/^IN: "pen" ann@ann-pc {2}/),
  ]);
});
