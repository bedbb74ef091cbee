import { defaultPolicy } from './default.ts';
import type { VendorPolicy } from './policy.ts';

/** Altera (Quartus). Nothing known beyond the general rules. */
export const alterad: VendorPolicy = defaultPolicy('alterad');
