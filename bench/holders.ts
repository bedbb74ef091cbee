import { connect, type Socket } from 'node:net';
import { writeCheckout } from '../src/wire/hot.ts';
import { messages } from '../src/wire/messages/index.ts';
import { Outbox } from '../src/wire/outbox.ts';
import { FEATURE, framesOf } from './wire-client.ts';

/** Hellos and checkouts on their way at a time. */
const BATCH = 500;
/** Users share workstations, as they do. */
const HOSTS = 5_000;

/** One connection that holds a seat for each of `count` users; close it and all are free again. */
export function holdFor(port: number, count: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const out = new Outbox();
  let asked = 0;
  let granted = 0;
  const ask = (): void => {
    const end = Math.min(count, asked + BATCH);
    for (; asked < end; asked++) askFor(out, asked);
    socket.write(out.take());
  };
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', ask);
    socket.on(
      'data',
      framesOf((type) => {
        if (type === messages.failure.typeCode) reject(new Error('a holder was refused its seat'));
        if (type !== messages.granted.typeCode) return;
        granted++;
        if (granted === count) resolve(socket);
        else if (granted === asked) ask();
      }),
    );
  });
}

function askFor(out: Outbox, user: number): void {
  messages.hello.write(out, {
    lead: undefined,
    user: `user${user}`,
    host: `ws-${user % HOSTS}`,
    vendor: 'acmed',
    display: '/dev/pts/1',
    mark: Buffer.from('T\0fauxlm\x01', 'latin1'),
    pid: `${1_000 + user}`,
    platform: 'x64_lsb',
    versionMajor: 11,
    versionMinor: 18,
    trail: undefined,
  });
  const value = { tag: 1, flags: 0, count: 1, feature: FEATURE, version: '2030.0', data: '' };
  writeCheckout(out, value);
}
