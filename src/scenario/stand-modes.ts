import { InProcessStand } from './in-process-stand.ts';
import { LedgerStand } from './ledger-stand.ts';
import { ProcessStand } from './process-stand.ts';
import type { StandOptions } from './socket-stand.ts';
import type { Need, Stand } from './stand.ts';
import { TargetStand } from './target-stand.ts';

/** A way to carry a scenario out. */
interface StandMode {
  readonly summary: string;
  /** What it cannot give: scenarios that need it are left out. */
  readonly lacks: readonly Need[];
  readonly make: (options: StandOptions) => Stand;
}

/** File permissions do not bind root. */
const always: readonly Need[] = process.getuid?.() === 0 ? ['permissions'] : [];

export const standModes = {
  'in-process': {
    summary: 'servers and clients in one process, over sockets',
    lacks: always,
    make: (options) => new InProcessStand(options),
  },
  process: {
    summary: 'each server a process of its own',
    lacks: always,
    make: (options) => new ProcessStand(options),
  },
  ledger: {
    summary: 'the ledgers of one server, without any server',
    lacks: ['tools', 'lives', 'log', 'many', 'metrics', ...always],
    make: (options) => new LedgerStand(options),
  },
  target: {
    summary: 'the clients alone, against a server elsewhere',
    lacks: ['lives', 'clock', 'files', 'records', 'log', 'many', 'metrics', ...always],
    make: (options) => new TargetStand(options),
  },
} as const satisfies Record<string, StandMode>;

export type StandModeName = keyof typeof standModes;
