import { connect, type Socket } from 'node:net';
import { writeCheckin, writeCheckout } from '../src/wire/hot.ts';
import { messages } from '../src/wire/messages/index.ts';
import { HEADER_BYTES, Outbox } from '../src/wire/outbox.ts';
import { delay } from './harness.ts';

/** The load a bench puts on a server: as little of its own work as will do, the same for every server. */

/** What all of them ask for. */
export const FEATURE = 'solve';

/** A client's hello for a vendor daemon; it announces one of ours. */
export function hello(vendor: string, user: string): Buffer {
  const out = new Outbox();
  messages.hello.write(out, {
    lead: undefined,
    user,
    host: 'bench-host',
    vendor,
    display: '/dev/pts/1',
    mark: Buffer.from('T\0fauxlm\x01', 'latin1'),
    pid: '4711',
    platform: 'x64_lsb',
    versionMajor: 11,
    versionMinor: 18,
    trail: undefined,
  });
  return out.take();
}

const checkoutFrame = (() => {
  const out = new Outbox();
  const value = { tag: 1, flags: 0, count: 1, feature: FEATURE, version: '2030.0', data: '' };
  writeCheckout(out, value);
  return out.take();
})();

interface HeldConnection {
  readonly socket: Socket;
  start(inFlight: number): void;
  stop(): void;
}

export interface PairsResult {
  readonly pairsPerSecond: number;
  readonly pairs: number;
  readonly refused: number;
}

/**
 * Holds `connections` and runs checkout + check-in pairs on each, `inFlight` at a time, for `durationMs` after a
 * warm-up of a fifth of that.
 */
export async function runPairs(
  port: number,
  {
    connections,
    inFlight,
    durationMs,
  }: { connections: number; inFlight: number; durationMs: number },
): Promise<PairsResult> {
  const counts = { pairs: 0, refused: 0 };
  const held = await Promise.all(
    Array.from({ length: connections }, (_, index) => hold(port, `user${index}`, counts)),
  );
  for (const each of held) each.start(inFlight);
  await delay(durationMs / 5);
  const before = counts.pairs;
  const from = performance.now();
  await delay(durationMs);
  const pairs = counts.pairs - before;
  const seconds = (performance.now() - from) / 1000;
  for (const each of held) each.stop();
  return { pairsPerSecond: pairs / seconds, pairs, refused: counts.refused };
}

function hold(
  port: number,
  user: string,
  counts: { pairs: number; refused: number },
): Promise<HeldConnection> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    const out = new Outbox();
    let greeted = false;
    let running = true;
    const take = framesOf((type, bytes, at) => {
      if (greeted) return answer(type, bytes, at);
      greeted = true;
      resolve({
        socket,
        start(inFlight) {
          for (let n = 0; n < inFlight; n++) out.raw(checkoutFrame);
          socket.write(out.take());
        },
        stop() {
          running = false;
          socket.destroy();
        },
      });
    });
    socket.on('data', (chunk: Buffer) => {
      take(chunk);
      if (running && out.length > 0) socket.write(out.take());
    });
    const answer = (type: number, bytes: Buffer, at: number): void => {
      if (type === messages.granted.typeCode) {
        writeCheckin(out, 2, bytes.readUInt32BE(at + HEADER_BYTES + 5));
        return;
      }
      if (type === messages.accepted.typeCode) counts.pairs++;
      else counts.refused++;
      out.raw(checkoutFrame);
    };
    socket.once('connect', () => socket.write(hello('acmed', user)));
  });
}

/** Calls `take` with the type of each whole frame that has come, and where it begins. */
export function framesOf(
  take: (type: number, bytes: Buffer, at: number) => void,
): (chunk: Buffer) => void {
  let rest: Buffer | undefined;
  return (chunk) => {
    const bytes = rest ? Buffer.concat([rest, chunk]) : chunk;
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      const size = (bytes[at + 4]! << 8) | bytes[at + 5]!;
      if (at + size > bytes.length) break;
      take((bytes[at + 6]! << 8) | bytes[at + 7]!, bytes, at);
      at += size;
    }
    rest = at === bytes.length ? undefined : Buffer.from(bytes.subarray(at));
  };
}

export interface FreshResult {
  readonly perSecond: number;
  readonly done: number;
  /** From the call to connect to the answer. */
  readonly p99Ms: number;
}

/** Fresh connections, each: connect, hello, redirect, close; `loops` at a time, for `durationMs`. */
export async function runFresh(
  port: number,
  { loops, durationMs }: { loops: number; durationMs: number },
): Promise<FreshResult> {
  const bytes = hello('acmed', 'fresh');
  let done = 0;
  let running = true;
  let taken: number[] = [];
  const loop = async (): Promise<void> => {
    while (running) {
      const from = performance.now();
      await once(port, bytes);
      taken.push(performance.now() - from);
      done++;
    }
  };
  const all = Array.from({ length: loops }, loop);
  await delay(durationMs / 5);
  const before = done;
  taken = [];
  const from = performance.now();
  await delay(durationMs);
  const counted = done - before;
  // What waits now has waited, too: the slowest of all must not be left out.
  const seconds = (performance.now() - from) / 1000;
  running = false;
  await Promise.all(all);
  return { perSecond: counted / seconds, done: counted, p99Ms: percentile(taken, 0.99) };
}

/** The value that this share of them does not exceed; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
}

function once(port: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => socket.write(bytes));
    socket.once('data', () => {
      socket.destroy();
      resolve();
    });
  });
}
