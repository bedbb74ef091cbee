import { defaultPolicy } from './default.ts';
import type { VendorPolicy } from './policy.ts';

/** Synopsys. Nothing known beyond the general rules. */
export const snpslmd: VendorPolicy = defaultPolicy('snpslmd');
