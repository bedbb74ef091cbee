import type { EpochMs } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import type { LmutilIo } from '../lmutil/io.ts';
import { main } from '../lmutil/lmutil.ts';
import type { StandOutput } from './stand.ts';

/** In what world a tool is called. */
export interface LmutilWorld {
  readonly now: () => EpochMs;
  readonly env: Readonly<Record<string, string>>;
  /** A folder for what the tools keep. */
  readonly home?: string;
  readonly as: { readonly user: string; readonly host: string };
}

/** Calls a tool of lmutil in this process, as `lmutil WORDS`; questions are answered with yes. */
export async function runLmutil(
  words: readonly string[],
  { now, env, home, as }: LmutilWorld,
): Promise<StandOutput> {
  let out = '';
  let err = '';
  const io: LmutilIo = {
    print: async (text) => {
      if (out.length < limits.scenarioOutputMax) out += text;
    },
    get deserted() {
      return out.length >= limits.scenarioOutputMax;
    },
    complain: (text) => {
      err += text;
    },
    ask: async (question) => {
      out += question;
      return 'y';
    },
    now,
    env,
    ...(home === undefined ? {} : { home }),
    platform: process.platform,
    identity: () => ({
      ...as,
      ...{ display: '/dev/pts/0', platform: 'x64_lsb', pid: 999, project: '', hostids: [] },
    }),
    interfaces: () => ({}),
    systemFile: () => undefined,
  };
  const exit = await main(['node', 'lmutil', ...words], io);
  return { exit, out, err };
}
