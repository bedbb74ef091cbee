import { KnownError } from '../base/errors.ts';
import { parseAnyAddress } from '../control/http-address.ts';
import { LicenseBook } from '../control/lm-sim/license-book.ts';
import type { LmSimSetting } from '../control/lm-sim/lm-sim.ts';
import type { ServerConfig } from '../daemon/server-config.ts';

/**
 * What `--lm-sim HOST:PORT` adds to a server: its licenses are among the license files.
 * @throws KnownError USAGE for no address, and with daemons in processes of their own, which read files only
 */
export function withLmSim(
  config: ServerConfig,
  text: string | undefined,
): { readonly config: ServerConfig; readonly lmSim?: LmSimSetting } {
  if (text === undefined) return { config };
  const address = parseAnyAddress(text, '--lm-sim');
  if (config.processes) {
    const expected = 'expected vendor daemons in the process of the license manager';
    throw new KnownError('USAGE', `--lm-sim: ${expected}, got --processes`);
  }
  const book = new LicenseBook();
  return { config: { ...config, licenses: [...config.licenses, book] }, lmSim: { address, book } };
}
