import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ended, environment, Folder, programs, run, Server } from '../e2e/processes.ts';
import { loggedSeats, soakLicense } from './soak-parts.ts';

/** Three minutes in CI; an hour with 3600. */
const seconds = Number(process.env['FAUXLM_FUZZ'] ?? 180);

/** Everything that sessions can do, and all that goes on beside them. Storms come each minute. */
const storms = Array.from({ length: Math.floor((seconds - 1) / 60) }, (_, minute) => {
  return `  - { at: ${60 * minute + 30}s, over: 1s }`;
});
const profile = `name: soak
phases: [{ soak: { rate: 100/s, for: ${seconds}s } }]
users: 200
sessions:
  - { weight: 6, checkout: solve, hold: exp:300ms, retry: '100ms,5' }
  - { weight: 2, checkout: [solve, 'mesh:2'], hold: exp:500ms, queue: { patience: exp:500ms } }
  - { weight: 1, checkout: mesh, hold: exp:200ms, deaths: 10% }
monitors:
  - { ask: all, every: 5s, count: 3 }
  - { ask: each feature, every: 10s }
churn: 5/s
${storms.length === 0 ? '' : `storms:\n${storms.join('\n')}\n`}`;

/** What has a program collect its garbage every few seconds: what it weighs is then what it keeps. */
const collecting = {
  NODE_OPTIONS: `--import=${new URL('./collecting.mjs', import.meta.url).href}`,
};

/** Resident memory of a process, in MiB. */
function memoryOf({ pid }: ChildProcess): number {
  const [, kib = '0'] =
    /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

/** What processes weigh, each second, until that is ended. */
function weigh(processes: readonly ChildProcess[]) {
  const samples = processes.map((): number[] => []);
  const timer = setInterval(() => {
    processes.forEach((child, index) => {
      if (child.exitCode === null) samples[index]!.push(memoryOf(child));
    });
  }, 1_000);
  return { samples, end: () => clearInterval(timer) };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Events that a journal keeps at most: until they are there, memory grows as it is meant to. */
const JOURNAL_EVENTS_MAX = 100_000;

/** Fills the server's journal with the same load, as quickly as the machine can. */
async function fill(folder: Folder, words: readonly string[]): Promise<void> {
  for (let events = 0; events < JOURNAL_EVENTS_MAX; ) {
    const file = folder.at('fill.json');
    const pace = [
      '--pace',
      `x${Math.max(seconds / 5, 1)}`,
      '--json-file',
      file,
      '--no-abort-early',
    ];
    const { status, err } = await run('fauxlm', [...words, ...pace]);
    expect([0, 5], err).toContain(status);
    const { grants, denials } = JSON.parse(readFileSync(file, 'utf8'));
    events += 2 * grants + denials;
  }
}

test.runIf(process.platform === 'linux')(
  `a soak of ${seconds} s: memory stays flat, every grant ends in exactly one release`,
  async () => {
    using folder = new Folder();
    const log = folder.at('debug.log');
    const license = folder.file('a.lic', soakLicense);
    await using server = await Server.start(folder, [license, '--log', log], collecting);
    const { address } = server.ready;
    const words = [
      'load',
      folder.file('soak.profile.yaml', profile),
      '-c',
      address,
      '--seed',
      'soak',
    ];
    const files = ['--json-file', folder.at('result.json'), '--no-abort-early'];
    await fill(folder, words);
    const generator = spawn(process.execPath, [programs.fauxlm, ...words, ...files], {
      env: environment(collecting),
    });
    const scale = weigh([server.child, generator]);
    const { status, out, err } = await ended(generator);
    scale.end();
    // 5: the machine was too busy for the generator to be on time, which is not what this is about.
    expect([0, 5], `${out}${err}`).toContain(status);

    const result = JSON.parse(readFileSync(folder.at('result.json'), 'utf8'));
    expect(result.arrivals).toBeGreaterThan(90 * seconds);
    expect(result.checkins + result.deaths + result.losses).toBe(result.grants);
    expect(result.released).toBe(result.granted);
    const { granted, denied, failed, abandoned, dropped, skipped } = result;
    expect(granted + denied + failed + abandoned + dropped + skipped).toBe(result.arrivals);
    for (const name of ['deaths', 'denials', 'left', 'queued', 'polls', 'churned']) {
      expect(result[name], name).toBeGreaterThan(0);
    }
    expect(result.pollErrors).toBe(0);

    const status1 = () => run('lmutil', ['lmstat', '-a', '-c', address]);
    await expect
      .poll(async () => (await status1()).out, { interval: 50, timeout: 60_000 })
      .toMatch(/solve:.*Total of 0 licenses in use[\s\S]*mesh:.*Total of 0 licenses in use/);
    await server.stop();
    const counts = await loggedSeats(log);
    console.log(JSON.stringify({ counts, ...summary(result, scale.samples) }));
    expect(counts['IN solve']).toBe(counts['OUT solve']);
    expect(counts['IN mesh']).toBe(counts['OUT mesh']);

    // The first third is for what fills up to its bound: pools of buffers, compiled code.
    for (const [index, who] of ['server', 'generator'].entries()) {
      const weights = scale.samples[index]!;
      const third = Math.floor(weights.length / 3);
      const [before, after] = [weights.slice(third, 2 * third), weights.slice(2 * third)].map(
        median,
      );
      expect(after!, `${who}: ${before} MiB, then`).toBeLessThan(before! * 1.1 + 8);
    }
  },
);

function summary(
  { arrivals, grants, times, exit }: Record<string, unknown>,
  samples: readonly number[][],
) {
  const tenths = samples.map((all) =>
    Array.from({ length: 10 }, (_, tenth) => {
      const part = all.slice((tenth * all.length) / 10, ((tenth + 1) * all.length) / 10);
      return Math.round(median(part));
    }),
  );
  return {
    arrivals,
    grants,
    exit,
    response: (times as Record<string, unknown>)['response'],
    tenths,
  };
}
