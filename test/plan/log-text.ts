import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EpochMs } from '../../src/base/clock.ts';
import { readLogs } from '../../src/plan/log-set.ts';
import type { Closing, HistorySink } from '../../src/plan/scan/history.ts';
import type { LogNames } from '../../src/plan/scan/log-names.ts';
import { logEvents } from '../../src/plan/scan/seat-block.ts';

/** A folder that is gone when the test is over. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plan-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A log of these lines, in a folder of its own. */
export function logFile(lines: readonly string[] | Buffer, name = 'debug.log'): string {
  const path = join(testFolder(), name);
  writeFileSync(path, Buffer.isBuffer(lines) ? lines : lines.map((line) => `${line}\n`).join(''));
  return path;
}

/** `2026-03-09T09:05:07Z out solve ann@ws1`, and sessions and steps likewise. */
export class Transcript implements HistorySink {
  readonly events: string[] = [];
  readonly sessions: string[] = [];
  readonly steps: string[] = [];
  readonly #names: LogNames;

  constructor(names: LogNames) {
    this.#names = names;
  }

  event(at: EpochMs, kind: number, feature: number, client: number, count: number, reason: number) {
    const why = this.#names.reasonText(reason);
    const words = [stamp(at), logEvents[kind], ...this.#about(feature, client, count)];
    this.events.push([...words, ...(why === '' ? [] : [why])].join(' '));
  }

  session(
    since: EpochMs | undefined,
    until: EpochMs,
    feature: number,
    client: number,
    count: number,
    closing: Closing,
  ): void {
    const from = since === undefined ? '?' : stamp(since);
    const about = this.#about(feature, client, count);
    this.sessions.push([`${from}/${stamp(until)}`, ...about, closing].join(' '));
  }

  step(at: EpochMs, feature: number, inUse: number): void {
    this.steps.push(`${stamp(at)} ${this.#names.feature(feature).feature} ${inUse}`);
  }

  #about(feature: number, client: number, count: number): readonly string[] {
    const { user, host } = this.#names.client(client);
    const seats = count === 1 ? [] : [`x${count}`];
    return [this.#names.feature(feature).feature, `${user}@${host}`, ...seats];
  }
}

function stamp(at: EpochMs): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

/** What logs tell, in words. */
export async function transcriptOf(paths: readonly string[], timeZone = 'UTC') {
  let transcript: Transcript | undefined;
  const read = await readLogs(
    paths,
    (names) => {
      transcript = new Transcript(names);
      return transcript;
    },
    { timeZone },
  );
  const { events, sessions, steps } = transcript!;
  return { events, sessions, steps, ...read, counts: read.logs[0]!.scanner.counts };
}
