import { KnownError } from '../base/errors.ts';
import type { VendorDaemon } from './vendor-daemon.ts';

/**
 * What a daemon does at midnight, unless its options file says AUTOMATIC_REREAD OFF: it reads its files again if they
 * have changed. What starts or ends with the day does so in any case. Source: LAG, "AUTOMATIC_REREAD".
 */
export function rereadNightly(daemon: VendorDaemon): void {
  const { log, notice, readAgain } = daemon.options;
  if (!daemon.settings.automaticReread) return;
  try {
    const entry = readAgain?.();
    if (entry !== undefined) return daemon.reread(entry, 'Automatic');
    log.rereading();
    log.rereadNothing();
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    log.rereadFailed(error.message);
    notice('license files cannot be read again', { vendor: daemon.name, error });
  }
}
