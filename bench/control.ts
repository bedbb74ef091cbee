import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  alternate,
  type BenchRow,
  type BenchSize,
  hashOf,
  measuredRow,
  perSecond,
  type TableRow,
} from './harness.ts';
import { holdFor } from './holders.ts';
import { type Autocannon, fetchAutocannon } from './peers/autocannon.ts';
import { PeerMissing } from './peers/peer.ts';
import { startOurs } from './targets.ts';

/**
 * What the control plane's routes of the state cost with many users in the table: answers a second of each against
 * those of a bare Fastify route that sends the same bytes, asked by autocannon.
 */
const sizes = {
  small: { users: 500, rounds: 1, seconds: 1 },
  full: { users: 10_000, rounds: 5, seconds: 4 },
} as const;

const paths = ['/health', '/vendors', '/features', '/users?limit=100', '/users'];
const CONNECTIONS = 16;
const here = fileURLToPath(new URL('.', import.meta.url));

export async function run(size: BenchSize): Promise<readonly TableRow[]> {
  const name = nameOf('routes of the state');
  if (size === 'small') return [{ name, skipped: 'autocannon is fetched at full size only' }];
  try {
    const autocannon = await fetchAutocannon();
    try {
      return await measured(size, autocannon);
    } finally {
      autocannon.remove();
    }
  } catch (error) {
    if (error instanceof PeerMissing) return [{ name, skipped: error.message }];
    throw error;
  }
}

function nameOf(path: string): string {
  return `GET ${path}, against a bare Fastify route`;
}

async function measured(size: BenchSize, autocannon: Autocannon): Promise<readonly BenchRow[]> {
  const { users } = sizes[size];
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-bench-'));
  const ours = await startOurs(folder, { seats: users, features: 20, http: true });
  const holder = await holdFor(ours.daemon, users);
  const rows: BenchRow[] = [];
  try {
    for (const path of paths)
      rows.push(await rowOf(path, { http: ours.http!, folder, size, autocannon }));
  } finally {
    holder.destroy();
    ours.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

interface Ground {
  readonly http: string;
  readonly folder: string;
  readonly size: BenchSize;
  readonly autocannon: Autocannon;
}

async function rowOf(path: string, { http, folder, size, autocannon }: Ground): Promise<BenchRow> {
  const { users, rounds, seconds } = sizes[size];
  const bytes = Buffer.from(await (await fetch(http + path)).arrayBuffer());
  const file = join(folder, 'answer.json');
  writeFileSync(file, bytes);
  const bare = await startBareRoute(file);
  const ask = (url: string) => () => autocannon.answersPerSecond(url, CONNECTIONS, seconds);
  try {
    const figures = await alternate(rounds, ask(http + path), ask(bare.url + path));
    const row = measuredRow(
      { name: nameOf(path), bar: { atLeast: 0.7 }, other: 'bare', hash: hashOf(path, users) },
      figures,
      perSecond,
    );
    return { ...row, detail: `${row.detail}, ${bytes.length} bytes` };
  } finally {
    bare.child.kill();
  }
}

function startBareRoute(file: string): Promise<{ readonly url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [join(here, 'bare-route.js'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => {
      const { port } = JSON.parse(chunk.toString()) as { port: number };
      resolve({ url: `http://127.0.0.1:${port}`, child });
    });
    child.once('exit', (code) => reject(new Error(`the bare route ended with ${code}`)));
  });
}
