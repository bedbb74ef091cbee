import { defaultPolicy } from './default.ts';
import type { VendorPolicy } from './policy.ts';

/**
 * Intel's compilers and tools.
 * Sources: Intel, "When is a floating license seat checked out and checked in" (the daemon's usual
 * port, the variable, the walk over serial numbers) and "Ports of Software License Manager". The
 * log's default place is left out: no source at hand names it.
 */
export const intel: VendorPolicy = {
  ...defaultPolicy('INTEL'),
  defaultPort: 28519,
  debugVariable: 'INTEL_LMD_DEBUG',
  poolBySerialNumber: true,
};
