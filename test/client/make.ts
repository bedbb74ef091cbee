import { ManualClock } from '../../src/base/clock.ts';
import type { SearchedLicense } from '../../src/client/candidates.ts';
import type { ClientLog } from '../../src/client/client-log.ts';
import { type ClientContext, clientContext } from '../../src/client/context.ts';
import type { ClientIdentity } from '../../src/client/identity.ts';
import { parseLicensePath } from '../../src/client/license-path.ts';

export const ann: ClientIdentity = {
  user: 'ann',
  host: 'ws1',
  display: '/dev/pts/1',
  platform: 'x64_lsb',
  pid: 4711,
  project: 'wing',
  hostids: ['001122334455'],
};

/** A context that waits for no wall clock longer than a test may. */
export function makeContext(given: Partial<ClientContext> = {}): ClientContext {
  return clientContext({ identity: ann, clock: new ManualClock(), ...given });
}

export function makeWanted(given: Partial<SearchedLicense> = {}): SearchedLicense {
  return { feature: 'solve', count: 1, version: '1.0', data: '', ...given };
}

export function makePath(text: string) {
  return parseLicensePath(text, { origin: 'test', platform: 'linux' });
}

/** Keeps the steps, without stamps. */
export function keptLog(): ClientLog & { readonly steps: string[] } {
  const steps: string[] = [];
  return { steps, step: (step, text) => void steps.push(`${step}: ${text}`) };
}
