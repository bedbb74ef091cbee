import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeCheckin, writeCheckout } from '../src/wire/hot.ts';
import { messages } from '../src/wire/messages/index.ts';
import { HEADER_BYTES, Outbox } from '../src/wire/outbox.ts';
import { alternate, type BenchRow, type BenchSize } from './harness.ts';
import { holdFor } from './holders.ts';
import { startOurs, type Target } from './targets.ts';
import { FEATURE, framesOf, hello } from './wire-client.ts';

/**
 * What a long listing costs: `lmutil lmstat -a` as a process against one that prints the same lines from a cache,
 * and the latency of other clients' checkouts while it runs against that beside a process that burns as much time.
 */
const sizes = {
  small: { users: 500, rounds: 2 },
  full: { users: 100_000, rounds: 9 },
} as const;

const here = fileURLToPath(new URL('.', import.meta.url));
const bundle = resolve('dist/lmutil.cjs');
/** Connections that check out and in meanwhile, and the pause between two pairs of one. */
const SAMPLERS = 4;
const PAUSE_MS = 2;

export async function run(size: BenchSize): Promise<readonly BenchRow[]> {
  const { users, rounds } = sizes[size];
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-'));
  const ours = await startOurs(folder, { seats: users + SAMPLERS });
  const holder = await holdFor(ours.daemon, users);
  try {
    const lmstat = [bundle, 'lmstat', '-a', '-c', `${ours.manager}@127.0.0.1`];
    const first = await printed(lmstat);
    const shown = first.text.split('\n').filter((line) => line.startsWith('    user')).length;
    if (shown !== users) throw new Error(`lmstat shows ${shown} users of ${users}`);
    const cached = join(folder, 'cached.txt');
    writeFileSync(cached, first.text);
    const hash = createHash('sha256').update(`${shown}`).digest('hex').slice(0, 8);
    return [
      await listingRow({ lmstat, floor: [join(here, 'cached-lines.js'), cached] }, rounds, hash),
      await latencyRow(ours, lmstat, rounds, hash),
    ];
  } finally {
    holder.destroy();
    ours.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function listingRow(
  { lmstat, floor }: { readonly lmstat: readonly string[]; readonly floor: readonly string[] },
  rounds: number,
  hash: string,
): Promise<BenchRow> {
  let peak = 0;
  const measure = (args: readonly string[]) => async () => {
    const { ms, peakKib } = await printed(args);
    if (args === lmstat) peak = Math.max(peak, peakKib);
    return ms;
  };
  const { ratio, a, b } = await alternate(rounds, measure(lmstat), measure(floor));
  return {
    name: 'lmstat -a, against printing cached lines',
    ratio: ratio.median,
    bar: { atMost: 10 },
    detail: `lmstat ${a.median.toFixed(0)} ms, cached ${b.median.toFixed(0)} ms, lmutil's peak ${(peak / 1024).toFixed(0)} MiB`,
    hash,
  };
}

async function latencyRow(
  ours: Target,
  lmstat: readonly string[],
  rounds: number,
  hash: string,
): Promise<BenchRow> {
  const samplers = await Promise.all(
    Array.from({ length: SAMPLERS }, (_, index) => Sampler.open(ours.daemon, `sampler${index}`)),
  );
  // As long as the listing burns, without asking the server for anything, and no longer: what starting Node costs
  // others is then the same share of both.
  const { cpuMs } = await printed(lmstat);
  const burn = burnerOf(cpuMs);
  const during = (args: readonly string[]) => async () => {
    for (const each of samplers) each.start();
    // Into nothing: who reads the listing is not to keep the samplers waiting, which are in this process.
    await printed(args, 'ignore');
    const taken = samplers.flatMap((each) => each.stop()).sort((a, b) => a - b);
    return taken[Math.floor(taken.length * 0.99)] ?? 0;
  };
  try {
    const { ratio, a, b } = await alternate(rounds, during(lmstat), during(['-e', burn]));
    return {
      name: 'checkout p99 beside lmstat -a, against a burner',
      ratio: ratio.median,
      bar: { atMost: 3 },
      detail: `p99 ${a.median.toFixed(2)} ms beside lmstat, ${b.median.toFixed(2)} ms beside the burner`,
      hash,
    };
  } finally {
    for (const each of samplers) each.close();
  }
}

/** A program that uses as much processor time, nearly all of it its own: asking the system how much is rare. */
function burnerOf(cpuMs: number): string {
  return `
    const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
    let work = 0;
    while (used() < ${cpuMs}) for (let i = 0; i < 100_000; i++) work += i % 7;
  `;
}

interface Printed {
  readonly text: string;
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakKib: number;
}

/** Runs Node with these words to its end: what it printed, how long it took, what it used. */
function printed(args: readonly string[], stdout: 'pipe' | 'ignore' = 'pipe'): Promise<Printed> {
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-usage-'));
  const usage = join(folder, 'usage.json');
  const report = `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(usage)}, JSON.stringify(process.resourceUsage())))`;
  const hook = `data:text/javascript,${encodeURIComponent(`import { createRequire } from 'node:module'; const require = createRequire(process.cwd() + '/'); ${report}`)}`;
  return new Promise((done, reject) => {
    const from = performance.now();
    const child = spawn(process.execPath, ['--import', hook, ...args], {
      stdio: ['ignore', stdout, 'inherit'],
    });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', () => {
      const ms = performance.now() - from;
      const used = JSON.parse(readFileSync(usage, 'utf8')) as NodeJS.ResourceUsage;
      rmSync(folder, { recursive: true });
      const cpuMs = (used.userCPUTime + used.systemCPUTime) / 1000;
      done({ text: Buffer.concat(chunks).toString('latin1'), ms, cpuMs, peakKib: used.maxRSS });
    });
  });
}

/** One client that checks out and in, one pair at a time, and knows how long each answer took. */
class Sampler {
  readonly #socket: Socket;
  readonly #out = new Outbox();
  #taken: number[] = [];
  #askedAt = 0;
  #running = false;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static open(port: number, user: string): Promise<Sampler> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const sampler = new Sampler(socket);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('connect', () => socket.write(hello('acmed', user)));
      socket.on(
        'data',
        framesOf((type, bytes, at) => {
          if (type === messages.greeting.typeCode) resolve(sampler);
          else sampler.#answered(type, bytes, at);
        }),
      );
    });
  }

  start(): void {
    this.#taken = [];
    this.#running = true;
    this.#checkout();
  }

  /** Milliseconds of each checkout's answer since `start`. */
  stop(): readonly number[] {
    this.#running = false;
    clearTimeout(this.#waiting);
    return this.#taken;
  }

  close(): void {
    this.#socket.destroy();
  }

  #checkout(): void {
    const value = { tag: 1, flags: 0, count: 1, feature: FEATURE, version: '2030.0', data: '' };
    writeCheckout(this.#out, value);
    this.#askedAt = performance.now();
    this.#socket.write(this.#out.take());
  }

  #answered(type: number, bytes: Buffer, at: number): void {
    if (type === messages.granted.typeCode) {
      this.#taken.push(performance.now() - this.#askedAt);
      writeCheckin(this.#out, 2, bytes.readUInt32BE(at + HEADER_BYTES + 5));
      this.#socket.write(this.#out.take());
    } else if (this.#running) this.#waiting = setTimeout(() => this.#checkout(), PAUSE_MS);
  }
}
