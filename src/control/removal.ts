import { removeFrom } from '../client/removal.ts';
import type { LicenseServer } from '../daemon/server.ts';
import { administer } from './own-server.ts';

/** Takes a license back from who holds it, as lmremove does. @throws KnownError ADMIN_REFUSED */
export function removeHeld(
  server: LicenseServer,
  { feature, handle }: { readonly feature: string; readonly handle: number },
): Promise<void> {
  return administer(server, (manager, context) => {
    const words = { feature, handle: String(handle) };
    return removeFrom(manager, { verb: 'remove', words }, context);
  });
}
