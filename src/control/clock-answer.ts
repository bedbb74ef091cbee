import type { ServerClock } from '../daemon/server-clock.ts';

/** What the control plane says of a clock. */
export interface ClockAnswer {
  readonly kind: 'real' | 'manual' | 'scaled';
  /** ISO 8601, UTC. */
  readonly now: string;
  readonly ms: number;
  /** How many times as fast as the machine's; 0 stands still. */
  readonly factor: number;
}

export function renderClock(clock: ServerClock): ClockAnswer {
  const { setting } = clock;
  const ms = clock.now();
  const factor = { real: 1, manual: 0 };
  return {
    kind: setting.kind,
    now: new Date(ms).toISOString(),
    ms,
    factor: setting.kind === 'scaled' ? setting.factor : factor[setting.kind],
  };
}
