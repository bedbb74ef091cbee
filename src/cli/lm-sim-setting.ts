import { KnownError } from '../base/errors.ts';
import { parseAnyAddress } from '../control/http-address.ts';
import { LicenseBook } from '../control/lm-sim/license-book.ts';
import type { LmSimSetting } from '../control/lm-sim/lm-sim.ts';
import type { ServerConfig } from '../daemon/server-config.ts';

/** The flags, as they are written. */
export interface LmSimWords {
  readonly 'lm-sim': string | undefined;
  readonly 'http-audit': string | undefined;
}

/**
 * What `--lm-sim HOST:PORT` adds to a server: its licenses are among the license files.
 * @throws KnownError USAGE for no address, and with daemons in processes of their own, which read files only
 */
export function withLmSim(
  config: ServerConfig,
  { 'lm-sim': text, 'http-audit': audit }: LmSimWords,
): { readonly config: ServerConfig; readonly lmSim?: LmSimSetting } {
  if (text === undefined) return { config };
  const address = parseAnyAddress(text, '--lm-sim');
  if (config.processes) {
    const expected = 'expected vendor daemons in the process of the license manager';
    throw new KnownError('USAGE', `--lm-sim: ${expected}, got --processes`);
  }
  const book = new LicenseBook();
  const lmSim = { address, book, ...(audit === undefined ? {} : { audit }) };
  return { config: { ...config, licenses: [...config.licenses, book] }, lmSim };
}
