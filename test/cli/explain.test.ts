import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../../src/base/clock.ts';
import { type ExplainArguments, runExplain } from '../../src/cli/commands/explain.ts';
import { connectClient } from '../../src/client/client.ts';
import { readExplanation } from '../../src/client/explanation-reading.ts';
import type { Explanation } from '../../src/domain/ledger/explanation.ts';
import { startLicenseServer } from '../../src/testing/license-server.ts';
import { greet, ScriptedServer } from '../client/scripted-server.ts';
import { frameBytes, greeted } from '../daemon/raw-client.ts';

const license = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'VENDOR betad',
  'INCREMENT solve acmed 2.0 permanent 2 SIGN=00',
  'INCREMENT solve betad 3.0 permanent 1 SIGN=00',
  'INCREMENT mesh acmed 2.0 permanent 1 HOSTID=0200000000aa SIGN=00',
  'PACKAGE suite acmed 2.0 COMPONENTS="p q" OPTIONS=SUITE SIGN=00',
  'INCREMENT suite acmed 2.0 permanent 1 SUITE_DUP_GROUP=UH SIGN=00',
  '',
].join('\n');
const options = ['GROUP crew kim lee', '', 'EXCLUDE solve USER mallory', ''].join('\n');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fauxlm-explain-'));
  writeFileSync(join(folder, 'acme.lic'), license);
  writeFileSync(join(folder, 'acmed.opt'), options);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function start(): Promise<string> {
  const server = await startLicenseServer({ licenses: join(folder, 'acme.lic') });
  onTestFinished(() => server.stop());
  return server.address;
}

async function run(feature: string, given: Partial<ExplainArguments> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const argv = {
    ...{ feature, licenses: [], as: 'ann@ws1', n: '1', V: '0.0', options: undefined },
    ...{ lenient: false, json: false, ...given },
  };
  const status = await runExplain(argv, {
    ...{ env: {}, home: folder, platform: 'linux', clock: new ManualClock() },
    out: (text) => out.push(text),
    err: (text) => err.push(text),
  });
  return { status, out: out.join(''), err: err.join('') };
}

async function explained(
  feature: string,
  given: Partial<ExplainArguments>,
): Promise<readonly Explanation[]> {
  const { out } = await run(feature, { ...given, json: true });
  const all = JSON.parse(out) as readonly Explanation[];
  for (const each of all) expect(readExplanation(JSON.stringify(each))).toEqual(each);
  return all;
}

describe('fauxlm explain of a running server', () => {
  test('names the rule that refuses, its file and line, and what would change the answer', async () => {
    const address = await start();
    const { status, out } = await run('solve', { as: 'mallory@h', c: address, vendor: 'acmed' });
    expect(status).toBe(0);
    expect(out).toMatch(
      /NO {2}excludes mallory@h, -38 \(.*acmed\.opt:3: EXCLUDE solve USER mallory\)/,
    );
    expect(out).toMatch(/without this line: granted \(.*acmed\.opt:3: /);
    expect(out).toMatch(/^1\. solve v2\.0: 2 issued, 0 out \(.*acme\.lic:4\)$/m);
  });

  test('asks the vendor daemons in the order of a checkout, up to the one that grants', async () => {
    const address = await start();
    const ann = await explained('solve', { c: address });
    expect(ann.map(({ vendor, answer }) => [vendor, answer.granted])).toEqual([['acmed', true]]);
    const mallory = await explained('solve', { c: address, as: 'mallory@h' });
    expect(mallory.map(({ vendor, answer }) => [vendor, answer.granted])).toEqual([
      ['acmed', false],
      ['betad', true],
    ]);
  });

  test('answers as a checkout is answered, whoever has what, and takes nothing', async () => {
    const address = await start();
    const client = await connectClient({ server: address, user: 'ann', host: 'ws1' });
    onTestFinished(() => client.close());
    for (const feature of ['solve', 'p', 'q', 'suite', 'mesh', 'solve', 'solve', 'nosuch']) {
      const told = await explained(feature, { c: address });
      const again = await explained(feature, { c: address });
      expect(again.map(({ answer }) => answer)).toEqual(told.map(({ answer }) => answer));
      const got = await client.checkout(feature);
      const granting = told.find(({ answer }) => answer.granted);
      expect(granting?.vendor, feature).toBe(got.ok ? got.vendor : undefined);
      const codes = told.map(({ answer }) => (answer.granted ? 0 : answer.code));
      if (!got.ok) expect(codes).toContain(got.refusal.major);
    }
  });

  test('serves the queue in thought: the place in it, who is before it, who would have to give back', async () => {
    const address = await start();
    const ann = await connectClient({ server: address, user: 'ann', host: 'ws1' });
    const ben = await connectClient({ server: address, user: 'ben', host: 'ws2' });
    onTestFinished(() => [ann, ben].forEach((client) => void client.close()));
    for (let n = 0; n < 2; n++) await ann.checkout('solve');
    expect(await ben.checkout('solve', { whenInUse: 'queue' })).toMatchObject({
      refusal: { major: -35 },
    });
    const given = { c: address, vendor: 'acmed', as: 'kim@ws3' };
    const [told] = await explained('solve', given);
    expect(told!.queue).toMatchObject({
      position: 2,
      lines: [{ feature: 'solve', version: '2.0', waiting: 1 }],
      before: [{ user: 'ben', host: 'ws2', count: 1 }],
      served: { by: 'returns', count: 2, returns: [{ handle: 101 }, { handle: 102 }] },
    });
    const { out } = await run('solve', given);
    expect(out).toContain(
      'If it waited (checkout --wait): number 2 in the queue, for solve v2.0 (1 waiting)\n',
    );
    expect(out).toMatch(/before it: ben@ws2, waits for 1 since 2\d{3}-/);
    expect(out).toContain(
      'served when 2 checkouts are back, oldest first:\n    ann@ws1 (handle 101)\n',
    );
    // And so it goes.
    const kim = await connectClient({ server: address, user: 'kim', host: 'ws3' });
    onTestFinished(() => kim.close());
    const waits = kim.checkout('solve', { whenInUse: 'wait' });
    ann.close();
    expect(await waits).toMatchObject({ ok: true });
  });

  test('takes who would ask from its flags, and nothing that is not given', async () => {
    const address = await start();
    const told = await explained('mesh', {
      ...{ c: address, as: 'kim@nova@ws9', n: '3', V: '1.5', display: ':7', project: 'x' },
      ...{ platform: 'i86_n3', ip: '10.1.2.3', hostid: '0200000000AA' },
    });
    expect(told[0]!.asked).toMatchObject({
      ...{ user: 'kim@nova', host: 'ws9', count: 3, version: '1.5', display: ':7', project: 'x' },
      ...{ platform: 'i86_n3', address: '10.1.2.3' },
    });
    expect(told[0]!.answer).toMatchObject({ granted: false, code: -26 });
    const [own] = await explained('mesh', { c: address });
    expect(own!.asked.address).toBe('127.0.0.1');
    expect(own!.answer).toMatchObject({ code: -9 });
  });

  test('goes on along the license path, and is status 3 when nobody could be asked', async () => {
    const address = await start();
    const { status, out } = await run('solve', { c: `1@127.0.0.1:${address}` });
    expect(status).toBe(0);
    expect(out).toMatch(
      /^1@127\.0\.0\.1:\nrefused \(-15,570:111\) .*\n\n\d+@127\.0\.0\.1, acmed:\n/,
    );
    const nobody = await run('solve', { c: '1@127.0.0.1' });
    expect(nobody).toMatchObject({ status: 3, out: '' });
    expect(nobody.err).toContain('-15,570');
  });
});

describe('fauxlm explain on license files', () => {
  const licenses = () => [join(folder, 'acme.lic')];

  test('explains what a server on them would answer, nothing being out', async () => {
    const { out } = await run('solve', { licenses: licenses(), as: 'mallory@h', vendor: 'acmed' });
    expect(out).toMatch(/acmed\.opt:3: EXCLUDE solve USER mallory/);
    expect(out).not.toContain('=> granted');
    const [p] = await explained('p', { licenses: licenses() });
    expect(p!.tried[0]).toMatchObject({ package: 'suite', granted: true, issued: 1, used: 0 });
    expect(p!.tried[0]!.rules.map((rule) => rule.feature)).toContain('suite');
  });

  test('takes an options file by --options, which without license files is a mistake', async () => {
    const other = join(folder, 'other.opt');
    writeFileSync(other, 'INCLUDE solve USER zoe\n');
    const given = { licenses: licenses(), options: [`acmed=${other}`], vendor: 'acmed' };
    const [told] = await explained('solve', given);
    expect(told!.answer).toMatchObject({ code: -39 });
    await expect(run('solve', { options: [`acmed=${other}`], c: '1@x' })).rejects.toThrow(
      '--options: expected license files with it, got none',
    );
  });

  test('says so when no license line has the feature', async () => {
    const { status, out } = await run('nosuch', { licenses: licenses() });
    expect(status).toBe(0);
    expect(out).toContain('nosuch for ann@ws1, acmed: refused, No such feature exists. (-5,346)');
    expect(out).toContain('No license line of this vendor daemon has it.');
  });

  test.each([
    [{ as: '@ws1' }, '--as: expected USER@HOST, got "@ws1"'],
    [{ as: 'ann@' }, '--as: expected USER@HOST, got "ann@"'],
    [{ V: 'two' }, 'version: expected a decimal number such as 2024.1, got "two"'],
    [{ n: '0' }, '--count: expected a whole number from 1 to 2147483647, got "0"'],
    [{ c: ['a', 'b'] as never }, '-c: expected it once, got it 2 times'],
    [{ options: ['x'] }, '--options: expected VENDOR=FILE, got "x"'],
  ])('refuses %j', async (given, message) => {
    await expect(run('solve', { licenses: licenses(), ...given })).rejects.toThrow(message);
  });
});

describe('an explanation that comes over the wire', () => {
  /** A server of ours whose daemon answers `explain` with these pieces. */
  async function telling(pieces: readonly (readonly [more: number, json: string])[]) {
    const server = await ScriptedServer.start((heard, talk) => {
      if (heard.kind === 'hello') return greet(talk, heard.value.vendor);
      for (const [more, json] of pieces) {
        talk.send('explanation', { ownVersion: 1, tag: 1, more, json: Buffer.from(json) });
      }
    });
    onTestFinished(() => server.stop());
    return run('solve', { c: server.address, vendor: 'acmed' });
  }

  const whole = async (): Promise<string> => {
    const [told] = await explained('solve', { licenses: [join(folder, 'acme.lic')] });
    return JSON.stringify(told);
  };

  test('is put together from its pieces', async () => {
    const json = await whole();
    const { status, out } = await telling([
      [1, json.slice(0, 100)],
      [1, json.slice(100, 101)],
      [0, json.slice(101)],
    ]);
    expect(status).toBe(0);
    expect(out).toContain('=> granted');
  });

  test('shows no control characters, whatever the server says', async () => {
    const json = (await whole()).replace('any version asked for', '\\u001b[2Jgone\\nforged');
    const { out } = await telling([[0, json]]);
    expect(out).toContain('ok  ?[2Jgone?forged');
  });

  test.each([
    ['no JSON', '{"vendor":'],
    ['other JSON', '{"vendor":"acmed"}'],
    ['null', 'null'],
    ['a list', '[]'],
  ])('is refused with -12 when it is %s', async (_, json) => {
    const { status, err } = await telling([[0, json]]);
    expect([status, err]).toEqual([3, expect.stringContaining('-12,5')]);
  });

  test('is given up when it does not end', async () => {
    const piece = [1, ' '.repeat(60_000)] as const;
    const { status, err } = await telling(Array.from({ length: 80 }, () => piece));
    expect([status, err]).toEqual([3, expect.stringContaining('-12,6')]);
  });
});

test('an explain request with fields that mean nothing is refused, and the connection goes on', async () => {
  const server = await startLicenseServer({ licenses: join(folder, 'acme.lic') });
  onTestFinished(() => server.stop());
  const client = await greeted(server.vendors[0]!.port);
  onTestFinished(() => client.end());
  const text = (value: string) => [0, value.length, ...Buffer.from(value)];
  const body = (flags: number, feature: string) =>
    Buffer.from([1, 0, 0, 0, 9, 0, flags, 0, 0, 0, 1, ...text(feature), 0, 0, 0, 0, 0, 0]);
  for (const bytes of [body(1, 'solve'), body(0, ''), body(0, 'solve').subarray(0, 12)]) {
    client.send(frameBytes(0x7f30, bytes));
    expect((await client.message()).type).toBe(0x7f00);
  }
  client.send(frameBytes(0x7f30, body(0, 'solve')));
  expect((await client.message()).type).toBe(0x7f31);
});
