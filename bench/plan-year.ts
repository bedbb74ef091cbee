import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Rng } from '../src/base/rng.ts';
import { exponential } from '../src/domain/workload/distributions.ts';
import { TimeHeap } from '../src/plan/time-heap.ts';
import { type BenchRow, type BenchSize, hashOf } from './harness.ts';

/** Ten features of one server, all with the same load: a tenth of the events are the feature's. */
const FEATURES = 10;
const LOAD = 50;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2025, 0, 6);

const sizes = {
  small: { days: 21, sessions: 20_000, replications: 2 },
  full: { days: 364, sessions: 5_000_000, replications: 50 },
} as const;
const MINUTES_MAX = 3;
const MEBIBYTES_MAX = 1_024;

/**
 * A year of one site from its log to the answer, as users ask for it: `fauxlm plan` reads ten million events, draws the
 * curve of one feature and replays fifty years drawn anew, by two threads. Wall time and peak memory of that process.
 */
export async function yearRows(folder: string, size: BenchSize): Promise<readonly BenchRow[]> {
  const { replications, sessions } = sizes[size];
  const log = join(folder, 'year.log');
  writeYear(log, size);
  const begun = performance.now();
  const words = ['plan', log, '--feature', 'solve1', '--json', '--workers', '2'];
  const { output, peakKb } = await watched([...words, '--replications', `${replications}`]);
  const minutes = (performance.now() - begun) / 60_000;
  const [plan] = (JSON.parse(output) as YearPlan).features;
  const hash = hashOf(plan.answer.seats, plan.curve.length, replications);
  const name = `a year of ${(2 * sessions) / 1e6} M events, ${replications} replications`;
  const peak = peakKb / 1024;
  return [
    {
      ...{ name: `${name}, minutes`, ratio: minutes, bar: { atMost: MINUTES_MAX }, hash },
      detail: `${plan.answer.seats} seats, a curve of ${plan.curve.length} points`,
    },
    { name: `${name}, MiB`, ratio: peak, bar: { atMost: MEBIBYTES_MAX }, detail: 'peak', hash },
  ];
}

interface YearPlan {
  readonly features: readonly [
    { readonly answer: { readonly seats: number }; readonly curve: readonly unknown[] },
  ];
}

function writeYear(path: string, size: BenchSize): void {
  const { days, sessions } = sizes[size];
  const rng = new Rng('bench year');
  const gapMs = (days * DAY_MS) / sessions;
  const holdMs = gapMs * FEATURES * LOAD;
  const ends = new TimeHeap();
  const file = openSync(path, 'w');
  let text = ' 0:00:00 (lmgrd) TIMESTAMP 1/6/2025\n';
  let stamp = START;
  const line = (at: number, kind: string, session: number): void => {
    while (at >= stamp + 6 * HOUR_MS) {
      stamp += 6 * HOUR_MS;
      const date = new Date(stamp);
      const shown = `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`;
      text += `${timeOf(stamp)} (lmgrd) TIMESTAMP ${shown}\n`;
    }
    const client = `user${session % 997}@ws${session % 499}`;
    text += `${timeOf(at)} (acmed) ${kind}: "solve${session % FEATURES}" ${client}  \n`;
    if (text.length < 1 << 20) return;
    writeSync(file, text);
    text = '';
  };
  let now = START;
  for (let session = 0; session < sessions; session++) {
    now += exponential(rng) * gapMs;
    while (ends.size > 0 && ends.firstAt <= now) {
      const at = ends.firstAt;
      line(at, 'IN', ends.pop());
    }
    line(now, 'OUT', session);
    ends.push(now + exponential(rng) * holdMs, session);
  }
  writeSync(file, text);
  closeSync(file);
}

/** ` 9:49:41` */
function timeOf(at: number): string {
  const second = Math.floor(at / 1_000) % 86_400;
  const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);
  const hour = `${Math.floor(second / 3_600)}`.padStart(2);
  return `${hour}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
}

/** Runs the built program to its end; its memory is asked of the system, where it can be. */
function watched(
  words: readonly string[],
): Promise<{ readonly output: string; readonly peakKb: number }> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [resolve('dist/cli/fauxlm.js'), ...words]);
    let output = '';
    let errors = '';
    let peakKb = 0;
    const watch = setInterval(() => {
      peakKb = Math.max(peakKb, peakOf(child.pid!));
    }, 100);
    child.stdout.on('data', (chunk: Buffer) => (output += chunk));
    child.stderr.on('data', (chunk: Buffer) => (errors = `${errors}${chunk}`.slice(-400)));
    child.once('error', failed);
    child.once('close', (code) => {
      clearInterval(watch);
      if (code === 0) done({ output, peakKb });
      else failed(new Error(`fauxlm plan ended with ${code}: ${errors}`));
    });
  });
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    // It has just ended, or there is no /proc.
    return 0;
  }
}
