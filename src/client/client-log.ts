import { appendFileSync } from 'node:fs';
import type { Clock } from '../base/clock.ts';
import { isoStamp } from '../base/local-time.ts';
import type { VendorPolicy } from '../domain/vendors/index.ts';
import { vendorPolicy } from '../domain/vendors/index.ts';
import { printable } from '../text/wording.ts';
import { type Environment, vendorVariables } from './search-path.ts';

/** The steps of a client's way to a license, in the order it takes them. */
export const clientSteps = {
  path: 'the list of license files and servers is made',
  server: 'one of its elements is taken up',
  connect: 'the license manager is connected to',
  hello: 'it says who it is',
  daemons: 'it says which vendor daemons it has',
  redirect: 'it says where the vendor daemon listens',
  daemon: 'the vendor daemon is connected to, and told who asks',
  serial: 'how the vendor daemon goes through its serial numbers',
  checkout: 'the vendor daemon grants or refuses',
  borrow: 'the vendor daemon lends the license, or takes it back before its time',
  heartbeat: 'the vendor daemon is asked whether it is still there',
  checkin: 'the license is given back',
  lost: 'the connection broke',
  result: 'the search is over',
} as const;

export type ClientStep = keyof typeof clientSteps;

/** Takes one line per step. */
export interface ClientLog {
  /** Somebody reads it: worth asking the server for more. */
  readonly open?: boolean;
  step(step: ClientStep, text: string): void;
}

/** Of a client whose steps nobody wants to see. */
export const noClientLog: ClientLog = { step: () => {} };

export interface ClientLogOptions {
  /** Whose variable names the file; without one, every vendor's that is set. */
  readonly vendor?: string;
  readonly env: Environment;
  readonly clock: Clock;
  readonly pid: number;
  /** Told once of each file that cannot be written. */
  readonly complain: (text: string) => void;
}

/**
 * The client debug log: appends to the file that the vendor's variable (INTEL_LMD_DEBUG and its
 * like) names. A line is written before the next step is taken, so that a client that hangs shows
 * where; that makes it slower, as Intel warns of its own (bench/client-log.ts shows by how much).
 */
export function openClientLog(options: ClientLogOptions): ClientLog {
  const files = filesOf(options);
  if (files.length === 0) return noClientLog;
  const { clock, pid } = options;
  let last = clock.now();
  return {
    open: true,
    step(step, text) {
      const now = clock.now();
      const line = `${renderClientStep({ step, text, now, pid, sinceMs: now - last })}\n`;
      last = now;
      for (const file of files) file.append(line);
    },
  };
}

export interface StepLine {
  readonly step: ClientStep;
  readonly text: string;
  readonly now: number;
  readonly pid: number;
  /** Since the line before: what a step took stands on its own line. */
  readonly sinceMs: number;
}

/** `2026-03-09T09:49:41+01:00 [4711] +12 ms connect: 27000@alpha: connected` */
export function renderClientStep({ step, text, now, pid, sinceMs }: StepLine): string {
  return `${isoStamp(now)} [${pid}] +${Math.round(sinceMs)} ms ${step}: ${printable(text)}`;
}

function filesOf({ vendor, env, complain }: ClientLogOptions): readonly AppendedFile[] {
  const names =
    vendor === undefined
      ? vendorVariables(Object.keys(env), '_LMD_DEBUG', debugVariables)
      : debugVariables(vendorPolicy(vendor));
  const paths = names.map((name) => env[name] ?? '').filter((path) => path !== '');
  return [...new Set(paths)].map((path) => new AppendedFile(path, complain));
}

const debugVariables = (policy: VendorPolicy): readonly string[] => [policy.debugVariable];

/** Opened anew for each line: the file may be moved away, and nothing is left open. */
class AppendedFile {
  readonly #path: string;
  readonly #complain: (text: string) => void;
  #broken = false;

  constructor(path: string, complain: (text: string) => void) {
    this.#path = path;
    this.#complain = complain;
  }

  append(line: string): void {
    if (this.#broken) return;
    try {
      appendFileSync(this.#path, line);
    } catch (error) {
      this.#broken = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.#complain(`${this.#path}: expected a writable client debug log, got: ${reason}`);
    }
  }
}
