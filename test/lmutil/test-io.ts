import type { LmutilIo } from '../../src/lmutil/io.ts';
import { main } from '../../src/lmutil/lmutil.ts';
import { localTime } from '../text/golden.ts';

/** When every test's lmutil runs: Monday, 9 March 2026, 9:05. */
export const testTime = localTime([2026, 3, 9], [9, 5]);

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface World {
  readonly env?: Record<string, string>;
  /** Lines typed in answer to questions. */
  readonly answers?: readonly string[];
  readonly program?: string;
  readonly overrides?: Partial<LmutilIo>;
}

/** Runs a tool in a world of its own. */
export async function lmutil(args: readonly string[], world: World = {}): Promise<Ran> {
  let out = '';
  let err = '';
  const answers = [...(world.answers ?? [])];
  const io: LmutilIo = {
    print: async (text) => {
      out += text;
    },
    deserted: false,
    complain: (text) => {
      err += text;
    },
    ask: async (question) => {
      out += question;
      return answers.shift();
    },
    now: () => testTime,
    env: world.env ?? {},
    platform: 'linux',
    identity: () => ({
      user: 'admin',
      host: 'desk.example.com',
      display: '/dev/pts/3',
      platform: 'x64_lsb',
      pid: 4711,
      project: '',
      hostids: ['0200AABBCCDD'],
    }),
    interfaces: () => ({}),
    systemFile: () => undefined,
    ...world.overrides,
  };
  const status = await main(['node', world.program ?? '/opt/bin/lmutil', ...args], io);
  return { status, out, err };
}

export const banner = 'lmutil - Copyright (c) 2026 the fauxlm authors. All Rights Reserved.';
export const statusLine = 'Flexible License Manager status on Mon 3/9/2026 09:05';

/** Lines as a tool prints them: each ended by a newline. */
export function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}

/** Ports differ from run to run: PORT is the first of these, PORT2 the second. */
export function withoutPorts(text: string, ...ports: readonly number[]): string {
  return ports.reduce(
    (left, port, index) => left.replaceAll(`${port}`, `PORT${index === 0 ? '' : index + 1}`),
    text,
  );
}
