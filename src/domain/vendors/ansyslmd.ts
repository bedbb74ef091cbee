import { defaultPolicy } from './default.ts';
import type { VendorPolicy } from './policy.ts';

/** ANSYS. Source: public debug logs, in which the daemon takes another free port each time. */
export const ansyslmd: VendorPolicy = defaultPolicy('ansyslmd');
