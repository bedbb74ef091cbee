import { execFile, spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { PeerMissing } from './peers/peer.ts';
import { programOf } from './peers/programs.ts';

/** Seconds that another program takes for a debug log. @throws PeerMissing */
export type LogReading = (log: string) => Promise<number>;

const run = promisify(execFile);
/** Debian's, which has Debian's modules; another Python may stand before it on the PATH. */
const PYTHON_FOLDERS = ['/usr/bin'];

const COUNT_WORDS = '{ count[$3 " " $4]++ } END { for (word in count) n++; print n, NR }';

/** mawk, which counts words and pairs nothing. */
export const mawk: LogReading = (log) => secondsOf(programOf('mawk', 'mawk'), [COUNT_WORDS, log]);

/** Python, by line and regular expression. */
export const python: LogReading = (log) =>
  secondsOf(programOf('python3', 'python3', PYTHON_FOLDERS), [peerFile('log_analyser.py'), log]);

const SEAT = /^\s*(\d+):(\d\d):(\d\d) \((\w+)\) (OUT|IN|DENIED): "([^"]+)" (\S+)@(\S+)/;

/** Node's readline with a regular expression, which pairs OUT and IN and keeps what is out. */
export const readline: LogReading = async (log) => {
  const begun = performance.now();
  const out = new Map<string, number[]>();
  const steps = new Map<string, number[]>();
  const sessions: number[] = [];
  for await (const line of createInterface({ input: createReadStream(log) })) {
    const seat = SEAT.exec(line);
    if (seat === null || seat[5] === 'DENIED') continue;
    const at = Number(seat[1]) * 3600 + Number(seat[2]) * 60 + Number(seat[3]);
    const key = `${seat[6]} ${seat[7]}@${seat[8]}`;
    const since = out.get(key) ?? [];
    if (seat[5] === 'OUT') out.set(key, [...since, at]);
    else if (since.length > 0) sessions.push(at - since.shift()!);
    const changes = steps.get(seat[6]!);
    if (changes === undefined) steps.set(seat[6]!, [at]);
    else changes.push(at);
  }
  return (performance.now() - begun) / 1000;
};

/** Events a second of M/M/c/c in SimPy. @throws PeerMissing */
export async function simpyEvents(servers: number, load: number, starts: number): Promise<number> {
  const program = programOf('python3', 'python3', PYTHON_FOLDERS);
  if (spawnSync(program, ['-c', 'import simpy']).status !== 0) {
    throw new PeerMissing('no SimPy here: apt-get install python3-simpy3');
  }
  const args = [peerFile('queue_simulation.py'), `${servers}`, `${load}`, `${starts}`];
  return Number((await run(program, args)).stdout);
}

/** Peak of the resident memory, in MiB, of a process of its own that scans the log. */
export async function scanMemory(log: string): Promise<number> {
  const module = new URL('../src/plan/log-set.js', import.meta.url).href;
  const script = `
    const { readLogs } = await import(${JSON.stringify(module)});
    const nothing = { event: () => {}, session: () => {}, step: () => {} };
    await readLogs([process.argv[1]], () => nothing, { timeZone: 'UTC' });
    process.stdout.write(String(process.resourceUsage().maxRSS / 1024));`;
  const args = ['--input-type=module', '-e', script, log];
  return Number((await run(process.execPath, args)).stdout);
}

async function secondsOf(program: string, args: readonly string[]): Promise<number> {
  const begun = performance.now();
  await run(program, [...args]);
  return (performance.now() - begun) / 1000;
}

function peerFile(name: string): string {
  return resolve('bench/peers', name);
}
