import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Dialogue, runDialogue } from './dialogue.ts';
import type { Peer } from './peer.ts';
import { freePort, programOf, Running } from './programs.ts';

/**
 * A C server with a counter of seats in a script: it knows how many are out, and neither who holds them nor
 * anything to refuse by. Both scripts look before they count, as a license server must.
 */
const acquireScript = `
local used = tonumber(redis.call('GET', KEYS[1]) or '0')
if used >= tonumber(ARGV[1]) then return -1 end
return redis.call('INCR', KEYS[1])`;
const releaseScript = `
if tonumber(redis.call('GET', KEYS[1]) or '0') <= 0 then return -1 end
return redis.call('DECR', KEYS[1])`;

/** @throws PeerMissing without Debian's redis-server */
export async function startRedis(): Promise<Peer> {
  const program = programOf('redis-server', 'redis-server');
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-redis-'));
  const port = await freePort();
  const words = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = new Running(program, [...words, '--dir', folder], { cwd: folder });
  await server.ready(() => ask(port, command('PING')));
  const scripts = {
    acquire: await load(port, acquireScript),
    release: await load(port, releaseScript),
  };
  const dialogue = dialogueOf(scripts);
  return {
    name: 'Redis with a seat-counter script',
    pairsPerSecond: (connections, durationMs) =>
      runDialogue(port, dialogue, { connections, durationMs }),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function dialogueOf(scripts: { readonly acquire: string; readonly release: string }): Dialogue {
  const release = command('EVALSHA', scripts.release, '1', 'seats');
  const check = (answer: Buffer): void => {
    // `:7`: a number that is not negative. Anything else is a refusal or an error.
    if (answer[0] !== 0x3a || answer[1] === 0x2d) throw new Error(`Redis answered ${answer}`);
  };
  return {
    acquire: command('EVALSHA', scripts.acquire, '1', 'seats', '100000'),
    release: (answer) => {
      check(answer);
      return release;
    },
    released: check,
    answerBytes: endOfLine,
  };
}

function command(...words: readonly string[]): Buffer {
  const each = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return Buffer.from(`*${words.length}\r\n${each.join('')}`);
}

async function load(port: number, script: string): Promise<string> {
  const answer = await ask(port, command('SCRIPT', 'LOAD', script));
  const sha = /\r\n([0-9a-f]{40})\r\n/.exec(answer)?.[1];
  if (sha === undefined) throw new Error(`Redis did not take the script: ${answer}`);
  return sha;
}

/** One question on a connection of its own; the answer is short. */
function ask(port: number, question: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('error', reject);
    socket.once('connect', () => socket.write(question));
    socket.once('data', (answer: Buffer) => {
      socket.destroy();
      resolve(answer.toString());
    });
  });
}

function endOfLine(bytes: Buffer): number {
  const at = bytes.indexOf('\r\n');
  return at < 0 ? 0 : at + 2;
}
