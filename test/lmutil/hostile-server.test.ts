import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Connection } from '../../src/client/connection.ts';
import { messages, OWN_VERSION } from '../../src/wire/messages/index.ts';
import { Outbox } from '../../src/wire/outbox.ts';
import type { Script, Talk } from '../client/scripted-server.ts';
import { encodeStatusRecord } from '../wire/status-bytes.ts';
import { greet, records, sayText, startScript } from './license-server.ts';
import { lmutil } from './test-io.ts';

/** A manager and its one daemon on one port: what they say is up to `daemon`. */
async function startHostile(daemon: Script, manager?: Script) {
  const became = new WeakSet<Talk>();
  const server = await startScript((heard, talk) => {
    if (heard.kind === 'hello' && heard.value.vendor !== '') became.add(talk);
    if (became.has(talk)) return daemon(heard, talk);
    if (heard.kind === 'hello') return greet(talk, 'acmed', manager ? 0 : undefined);
    if (manager) return manager(heard, talk);
    if (heard.kind === 'command') sayText(talk, '');
    if (heard.kind !== 'serverRequest') return;
    talk.send('serverAnswer', {
      ownVersion: OWN_VERSION,
      tag: heard.value.tag,
      host: 'alpha',
      port: 27000,
      version: '11.18.1',
      serverTime: 0,
      licensePaths: ['/opt/acme/acme.lic'],
      servers: [{ host: 'alpha', port: 27000, state: 2, version: '11.18.1' }],
      vendors: [{ name: 'acmed', state: 1, port: 0, version: '11.18.1', pid: 1 }],
    });
  });
  return server;
}

/** A page with one feature on it, and another page to come. */
function sendPage(talk: Talk, tag: number): void {
  const page = encodeStatusRecord(records.feature());
  talk.send('statusPage', { ownVersion: OWN_VERSION, tag, more: 1, records: page });
}

async function openTo(port: number): Promise<Connection> {
  const options = { host: '127.0.0.1', port, connectTimeoutMs: 5_000, answerTimeoutMs: 5_000 };
  const connection = await Connection.open(options);
  if (!(connection instanceof Connection)) throw new Error('no connection');
  onTestFinished(() => connection.close());
  return connection;
}

test('a listing that never ends is given up', async () => {
  const server = await startHostile((heard, talk) => {
    if (heard.kind === 'hello') greet(talk, 'acmed');
    if (heard.kind === 'statusRequest') sendPage(talk, heard.value.tag);
  });
  const { status, out } = await lmutil(['lmstat', '-a', '-c', server.address]);
  expect(out).toContain(
    '     acmed: The license server\'s reply makes no sense. (-12,6 "more than can be true")\n',
  );
  expect(status).toBe(0);
});

test('a conversation that has a limit ends then, however promptly each answer comes', async () => {
  const server = await startScript((heard, talk) => {
    if (heard.kind === 'statusRequest') sendPage(talk, heard.value.tag);
  });
  const connection = await openTo(server.port);
  connection.limit(performance.now() + 20);
  const asked = { ownVersion: OWN_VERSION, tag: 1, page: 0, flags: 0, feature: '' };
  let answer = await connection.ask('statusRequest', asked);
  while (answer.kind === 'statusPage') answer = await connection.ask('statusRequest', asked);
  expect(answer).toMatchObject({
    refusal: { major: -52, minor: 3, sysText: 'the answer went on for too long' },
  });
});

test('usage records without end are read as far as the daemon said, and no further', async () => {
  const usage = { user: 'ann', host: 'ws1', display: ':0', version: '1.0', mark: undefined };
  const seat = { ...usage, since: 1, handleHigh: 0, handle: 101 };
  const server = await startHostile(
    (heard, talk) => {
      if (heard.kind === 'hello') greet(talk, 'acmed', 0);
      if (heard.kind === 'featuresRequest') sayText(talk, 'solve mesh');
      if (heard.kind !== 'featureStatusRequest') return;
      talk.send('featureStatus', { unknown: 0, used: '2', total: '3', time: '1' });
      for (let record = 0; record < 50; record++) talk.send('usage', seat);
    },
    (heard, talk) => {
      if (heard.kind !== 'command') return;
      sayText(talk, heard.value.command === 'dlist' ? 'acmed' : '');
    },
  );
  const { out } = await lmutil(['lmstat', '-a', '-c', server.address]);
  expect(out.match(/^Users of .*$/gm)).toEqual([
    'Users of solve:  (Total of 3 licenses issued;  Total of 2 licenses in use)',
    "Users of mesh: Cannot get users of mesh: The license server's reply makes no sense. " +
      '(-12,5 "a message out of place: usage")',
  ]);
});

test('a daemon before 11.10 with users is asked on over a new connection each time', async () => {
  const greeting = { versionMajor: 10, versionMinor: 8, suffix: 0, host: 'alpha', daemon: 'acmed' };
  const server = await startHostile(
    (heard, talk) => {
      if (heard.kind === 'hello') talk.send('greeting', greeting);
      if (heard.kind === 'legacyFeaturesRequest') {
        talk.send('legacyText', { remaining: '11', text: Buffer.from('solve mesh\0') });
      }
      if (heard.kind !== 'legacyStatusRequest') return;
      talk.send('legacyStatus', { used: '2', total: '3', time: '1' });
      // Records of a form that nobody has published.
      talk.raw(Buffer.alloc(300, 0x4e));
    },
    (heard, talk) => {
      if (heard.kind !== 'command') return;
      sayText(talk, heard.value.command === 'dlist' ? 'acmed' : '');
    },
  );
  const { status, out } = await lmutil(['lmstat', '-a', '-c', server.address]);
  expect(out.match(/^Users of .*$/gm)).toEqual([
    'Users of solve:  (Total of 3 licenses issued;  Total of 2 licenses in use)',
    'Users of mesh:  (Total of 3 licenses issued;  Total of 2 licenses in use)',
  ]);
  expect(status).toBe(0);
});

test('what a server sends unasked stays with it until it is read, and then comes whole', async () => {
  const out = new Outbox();
  const text = Buffer.alloc(60_000, 'x');
  messages.textAnswer.write(out, { unknown: 0, textBytes: text.length, text });
  const frame = out.take();
  const frames = 1_000;
  let flooding: Socket | undefined;
  const server = createServer((socket) => {
    flooding = socket.on('error', () => {});
    for (let sent = 0; sent < frames; sent++) socket.write(frame);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const connection = await openTo(port);
  for (let turn = 0; turn < 2_000; turn++) await new Promise((next) => setImmediate(next));
  // Without a reader all of the 60 MB would have come by now.
  expect(flooding?.writableLength).toBeGreaterThan(30_000_000);
  for (let read = 0; read < frames; read++) {
    expect((await connection.next()).kind).toBe('textAnswer');
  }
});

test.each([
  ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'got HTTP/1.1 400 Bad Request'.slice(0, 28)],
  ['SSH', 'SSH-2.0-OpenSSH_9.6\r\n', 'got SSH-2.0-OpenSSH_9.6'],
  ['SMTP', '220 mail.example ESMTP\r\n', 'got 220 mail.example ESMTP'],
])('a server of %s is told by its first line, without waiting for more', async (_, said, got) => {
  const server = await startScript((_heard, talk) => talk.raw(Buffer.from(said)));
  const { status, out } = await lmutil(['lmstat', '-c', server.address]);
  expect(out).toContain(`(-12,1 "expected a FlexNet message, ${got}`);
  expect(status).toBe(-12 & 0xff);
});

test('a connection that ends inside a message says how far it came', async () => {
  const server = await startScript((_heard, talk) => {
    talk.raw(Buffer.from('2f00000000ff', 'hex'));
    talk.close();
  });
  const { out } = await lmutil(['lmstat', '-c', server.address]);
  expect(out).toContain('(-16,287 "the connection ended 6 bytes into a message")\n');
});

test('a redirect to a host longer than any name is none', async () => {
  const host = 'x'.repeat(300);
  const server = await startHostile((heard, talk) => {
    if (heard.kind === 'command') sayText(talk, '');
    if (heard.kind === 'hello') talk.send('redirect', { host, port: 1, trail: undefined });
  });
  const { out } = await lmutil(['lmstat', '-a', '-c', server.address]);
  expect(out).toContain('(-12,5 "expected a redirect to a host, got 300 characters")\n');
});

test('a greeting and a refusal that fill a frame are told in a line or two', async () => {
  const long = 'x'.repeat(60_000);
  const greeting = { versionMajor: 11, versionMinor: 18, suffix: 0xfa01, host: long, daemon: 'd' };
  const server = await startScript((heard, talk) => {
    if (heard.kind === 'hello') return talk.send('greeting', greeting);
    const refusal = { major: -97, minor: 121, sys: 7, sysText: long.slice(0, 2_000), text: long };
    talk.send('failure', { ownVersion: OWN_VERSION, tag: 1, ...refusal });
  });
  for (const tool of [['lmstat', '-a'], ['lmreread'], ['lmdown', '-q']]) {
    const { status, out } = await lmutil([...tool, '-c', server.address]);
    expect(out.length, tool[0]).toBeLessThan(2_000);
    expect(status, tool[0]).toBe(-97 & 0xff);
  }
});

test('a redirect to the manager itself, again and again, is followed once', async () => {
  const server = await startHostile((heard, talk) => {
    if (heard.kind === 'command') sayText(talk, '');
    if (heard.kind !== 'hello') return;
    talk.send('redirect', { host: '127.0.0.1', port: server.port, trail: undefined });
  });
  const { out } = await lmutil(['lmstat', '-a', '-c', server.address]);
  expect(out).toMatch(
    /^ {5}acmed: .* \(-12,5 "\d+@127\.0\.0\.1: expected a greeting, got redirect"\)$/m,
  );
  expect(server.talks).toHaveLength(2);
});
