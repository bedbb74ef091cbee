import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../src/base/clock.ts';
import { isoStamp } from '../../src/base/local-time.ts';
import { clientSteps, openClientLog, renderClientStep } from '../../src/client/client-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fauxlm-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(env: Record<string, string>, vendor?: string) {
  const complaints: string[] = [];
  const clock = new ManualClock();
  const log = openClientLog({
    ...(vendor === undefined ? {} : { vendor }),
    env,
    clock,
    pid: 4711,
    complain: (text) => complaints.push(text),
  });
  return { log, clock, complaints };
}

test('the client debug log has a line per step, with what it took since the last', () => {
  const file = join(folder, 'client.log');
  const { log, clock } = open({ INTEL_LMD_DEBUG: file }, 'INTEL');
  const start = clock.now();
  log.step('path', '1 to try: 27009@alpha (INTEL_LICENSE_FILE)');
  clock.advance(1_250);
  log.step('connect', '27009@alpha: connected from 10.0.0.7');
  expect(readFileSync(file, 'utf8')).toBe(
    `${isoStamp(start)} [4711] +0 ms path: 1 to try: 27009@alpha (INTEL_LICENSE_FILE)\n` +
      `${isoStamp(start + 1_250)} [4711] +1250 ms connect: 27009@alpha: connected from 10.0.0.7\n`,
  );
});

test('a line cannot be forged by what a server says', () => {
  const line = renderClientStep({
    step: 'daemons',
    text: 'acmed\n2030-01-01 [1] +0 ms result: granted',
    now: 0,
    pid: 1,
    sinceMs: 0,
  });
  expect(line).not.toContain('\n');
});

test('it is appended to, and with a vendor only its own file is written', () => {
  const env = {
    INTEL_LMD_DEBUG: join(folder, 'intel.log'),
    ACMED_LMD_DEBUG: join(folder, 'acmed.log'),
  };
  open(env, 'INTEL').log.step('path', 'one');
  open(env, 'intel').log.step('path', 'two');
  expect(readFileSync(env.INTEL_LMD_DEBUG, 'utf8').split('\n')).toHaveLength(3);
  expect(() => readFileSync(env.ACMED_LMD_DEBUG)).toThrow(/ENOENT/);
});

test('without a vendor every vendor’s file is written, each once', () => {
  const env = {
    INTEL_LMD_DEBUG: join(folder, 'all.log'),
    ACMED_LMD_DEBUG: join(folder, 'all.log'),
    BETAD_LMD_DEBUG: join(folder, 'betad.log'),
    OTHER_DEBUG: join(folder, 'other.log'),
  };
  open(env).log.step('path', 'one');
  expect(readFileSync(env.INTEL_LMD_DEBUG, 'utf8').split('\n')).toHaveLength(2);
  expect(readFileSync(env.BETAD_LMD_DEBUG, 'utf8')).toContain('path: one');
  expect(() => readFileSync(env.OTHER_DEBUG)).toThrow(/ENOENT/);
});

test('a file that cannot be written is told of once, and stops nothing', () => {
  const { log, complaints } = open({ INTEL_LMD_DEBUG: join(folder, 'no', 'such', 'folder') });
  log.step('path', 'one');
  log.step('path', 'two');
  expect(complaints).toHaveLength(1);
  expect(complaints[0]).toMatch(/expected a writable client debug log, got: ENOENT/);
});

test('every step says what it is', () => {
  for (const [step, meaning] of Object.entries(clientSteps)) {
    expect(meaning, step).toMatch(/^[a-z].{10,}/);
  }
});
