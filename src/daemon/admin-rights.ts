import { networkInterfaces } from 'node:os';
import { KnownError } from '../base/errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { readAdministrators } from './administrators.ts';
import type { ServerConfig } from './server-config.ts';

/** Tools that ask a running server to do something. */
export const adminTools = [
  'lmdown',
  'lmreread',
  'lmremove',
  'lmswitch',
  'lmswitchr',
  'lmnewlog',
] as const;
export type AdminTool = (typeof adminTools)[number];

/** Who may use them. Source: LAG, "lmgrd Command-Line Syntax". */
export interface AdminRights {
  /** Disabled for everyone: lmgrd -x. */
  readonly disabled: ReadonlySet<string>;
  /** All but lmremove from this machine only: lmgrd -local. */
  readonly localOnly: boolean;
  /** For these users only: lmgrd -2 -p. */
  readonly administrators?: ReadonlySet<string>;
}

/** From elsewhere under -local; disabled by -x; no administrator under -2 -p. Minors of ours. */
const notLocal: Refusal = { major: -119, minor: 706 };
const disabled: Refusal = { major: -63, minor: 707 };
const noAdministrator: Refusal = { major: -63, minor: 709 };

/** @throws KnownError USAGE for a tool that cannot be disabled */
export function adminRightsOf(config: ServerConfig): AdminRights {
  const names = config.disabled ?? [];
  for (const name of names) {
    if (adminTools.some((tool) => tool === name)) continue;
    const text = `-x: expected one of ${adminTools.join(', ')}, got "${name}"`;
    throw new KnownError('USAGE', text);
  }
  return {
    disabled: new Set(names),
    localOnly: config.localOnly ?? false,
    ...(config.administratorsOnly ? { administrators: readAdministrators() } : {}),
  };
}

/** Why `asker` may not use `tool`, if so. `user` is who the asker says to be: nothing proves it. */
export function forbidden(
  rights: AdminRights,
  tool: AdminTool,
  asker: { readonly user: string; readonly address: string },
): Refusal | undefined {
  if (rights.disabled.has(tool)) return disabled;
  if (rights.localOnly && tool !== 'lmremove' && !isOwnAddress(asker.address)) return notLocal;
  if (rights.administrators && !rights.administrators.has(asker.user)) return noAdministrator;
  return undefined;
}

/** Loopback, or an address of this machine: what connects from it is on it. */
function isOwnAddress(address: string): boolean {
  if (address === '::1' || address.startsWith('127.')) return true;
  return Object.values(networkInterfaces()).some((each) =>
    each?.some((own) => own.address === address),
  );
}
