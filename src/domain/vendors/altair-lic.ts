import { defaultPolicy } from './default.ts';
import type { VendorPolicy } from './policy.ts';

/** Altair. unverified: the daemon's name; its later license manager is not FlexNet. */
export const altairLic: VendorPolicy = defaultPolicy('altair_lic');
