import { defaultPolicy } from './default.ts';
import type { VendorPolicy } from './policy.ts';

/**
 * ANSYS. Source: public debug logs (a free port each time), Vantage's documentation of the variable.
 */
export const ansyslmd: VendorPolicy = defaultPolicy('ansyslmd');
