import { defaultPolicy } from './default.ts';
import type { VendorPolicy } from './policy.ts';

/** Xilinx (Vivado). Nothing known beyond the general rules. */
export const xilinxd: VendorPolicy = defaultPolicy('xilinxd');
