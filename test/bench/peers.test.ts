import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Dialogue, runDialogue } from '../../bench/peers/dialogue.ts';
import { startMountebank } from '../../bench/peers/mountebank.ts';
import { PeerMissing } from '../../bench/peers/peer.ts';
import { programOf, Running } from '../../bench/peers/programs.ts';

let server: Server | undefined;
afterEach(() => new Promise<void>((done) => (server ? server.close(() => done()) : done())));

/** A peer that counts: `+` takes a seat, `-` gives it back; each answer is one byte. */
function counting(answer: (asked: string) => string): Promise<number> {
  server = createServer((socket: Socket) => {
    socket.on('data', (chunk: Buffer) => socket.write(answer(chunk.toString())));
    socket.on('error', () => {});
  });
  return new Promise((resolve) =>
    server!.listen(0, '127.0.0.1', () => resolve((server!.address() as { port: number }).port)),
  );
}

const dialogue: Dialogue = {
  acquire: Buffer.from('+'),
  release: (answer) => {
    if (answer.toString() !== 'y') throw new Error('refused');
    return Buffer.from('-');
  },
  released: () => {},
  answerBytes: (bytes) => (bytes.length > 0 ? 1 : 0),
};

test('the client of all peers takes and gives in turn, and leaves no seat out', async () => {
  let out = 0;
  let most = 0;
  const port = await counting((asked) => {
    out += asked === '+' ? 1 : -1;
    most = Math.max(most, out);
    return 'y';
  });
  const pairs = await runDialogue(port, dialogue, { connections: 3, durationMs: 50 });
  expect(pairs).toBeGreaterThan(0);
  expect(out).toBe(0);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(3);
});

test('a wrong answer ends the measurement instead of being counted', async () => {
  const port = await counting(() => 'n');
  const load = { connections: 2, durationMs: 60_000 };
  await expect(runDialogue(port, dialogue, load)).rejects.toThrow('refused');
});

test('a peer that is not here is said to be missing, with what brings it', async () => {
  expect(() => programOf('no-such-program', 'its-package')).toThrow(PeerMissing);
  expect(() => programOf('no-such-program', 'its-package')).toThrow('apt-get install its-package');
  await expect(startMountebank({ fetch: false })).rejects.toThrow(PeerMissing);
});

test('a peer that ends before it answers says its last words', async () => {
  const peer = new Running(process.execPath, ['-e', "console.error('no room'); process.exit(3)"]);
  const never = async (): Promise<void> => {
    throw new Error('nobody answers');
  };
  await expect(peer.ready(never)).rejects.toThrow(/nobody answers; it said: no room/);
});
