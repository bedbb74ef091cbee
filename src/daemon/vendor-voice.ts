import type { KnownError } from '../base/errors.ts';
import type { FromChild } from './vendor-process.ts';

/** Tells the manager; resolves when the message is on its way, or nobody is there to hear it. */
export function told(message: FromChild): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send!(message, undefined, undefined, () => resolve());
  });
}

/** Tells the manager why there will be no daemon, and ends this process. */
export async function endFailed({ code, message }: KnownError): Promise<never> {
  await told({ kind: 'failed', code, message });
  process.exit(1);
}
