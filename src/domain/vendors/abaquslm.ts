import { defaultPolicy } from './default.ts';
import type { VendorPolicy } from './policy.ts';

/** Abaqus (SIMULIA). Nothing known beyond the general rules. */
export const abaquslm: VendorPolicy = defaultPolicy('ABAQUSLM');
