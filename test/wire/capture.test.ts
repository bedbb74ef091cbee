import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readHello } from '../../src/wire/hot.ts';
import { messages } from '../../src/wire/messages/index.ts';
import { Outbox } from '../../src/wire/outbox.ts';
import { split } from './split.ts';

const folder = new URL('../../fixtures/wire/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.hex'));

function capture(name: string): { readonly comments: string; readonly bytes: Buffer } {
  const lines = readFileSync(new URL(`${name}.hex`, folder), 'utf8').split('\n');
  const [comments, hex] = [true, false].map((wanted) =>
    lines.filter((line) => line.startsWith('#') === wanted).join('\n'),
  );
  return { comments: comments!, bytes: Buffer.from(hex!.replaceAll(/\s/g, ''), 'hex') };
}

test('every fixture says where its bytes come from and what they say', () => {
  const readme = readFileSync(new URL('README.md', folder), 'utf8');
  expect(names.length).toBe(4);
  for (const name of names) {
    const { comments } = capture(name.replace('.hex', ''));
    expect(comments).toMatch(/^# (source|why):/);
    expect(comments).toMatch(/^# says:/m);
    expect(readme).toContain(`\`${name}\``);
  }
});

test('the captured hello of a real client has the published sum and reads as published', () => {
  const { bytes } = capture('hello');
  expect(bytes.length).toBe(147);
  expect(split(bytes)).toEqual([{ legacy: 0x68, hex: bytes.toString('hex') }]);
  const published = {
    ...{ lead: undefined, user: 'frey', host: 'login01', vendor: 'MLM', display: '/dev/pts/73' },
    ...{ mark: Buffer.from('T'.padEnd(13, '\0')), pid: '35174', platform: 'x64_lsb' },
    ...{ versionMajor: 11, versionMinor: 16, trail: undefined },
  };
  expect(messages.hello.decode(bytes, 0, 147)).toEqual(published);
  expect(readHello(bytes, 0)).toEqual(published);
});

test('writing its fields gives its bytes, the published sum 0x38 included', () => {
  const { bytes } = capture('hello');
  const out = new Outbox();
  messages.hello.write(out, messages.hello.decode(bytes, 0, 147));
  expect(bytes[1]).toBe(0x38);
  expect(out.take().equals(bytes)).toBe(true);
});

test('the captured redirect of a real license manager passes both sums and reads as published', () => {
  const { bytes } = capture('redirect');
  expect(split(bytes)).toEqual([{ frame: 0x0113, hex: bytes.toString('hex') }]);
  expect(messages.redirect.decode(bytes, 0, bytes.length)).toEqual({
    host: 'mathworks.lm.udel.edu',
    port: 40000,
    trail: undefined,
  });
});

test('writing it gives the same bytes but for the header field nobody has explained', () => {
  const { bytes } = capture('redirect');
  const out = new Outbox();
  messages.redirect.write(out, messages.redirect.decode(bytes, 0, bytes.length));
  const ours = out.take();
  expect(ours.subarray(20).equals(bytes.subarray(20))).toBe(true);
  expect(ours.subarray(4, 12).equals(bytes.subarray(4, 12))).toBe(true);
});

test('the request of an old status client has the sum its author wrote down', () => {
  const { bytes } = capture('legacy-features-request');
  expect(split(bytes)).toEqual([{ legacy: 0x3d, hex: bytes.toString('hex') }]);
  const out = new Outbox();
  messages.legacyFeaturesRequest.write(out, { lead: undefined });
  expect(out.take().equals(bytes)).toBe(true);
});

test("nmap's SMB probe is waited for until its 147th byte and then is no message", () => {
  const { bytes } = capture('smb-probe');
  expect(bytes.length).toBe(168);
  expect(split(bytes.subarray(0, 146))).toEqual([]);
  expect(split(bytes)).toEqual([{ fault: 'checksum' }]);
});
