import { defaultPolicy } from './default.ts';
import type { VendorPolicy } from './policy.ts';

/**
 * Mentor Graphics (Siemens EDA). Source: Mentor, "MGLS_LICENSE_FILE" (the first variable its
 * applications look at). unverified: that the general variable counts too.
 */
export const mgcld: VendorPolicy = {
  ...defaultPolicy('mgcld'),
  environmentVariables: ['MGLS_LICENSE_FILE', 'MGCLD_LICENSE_FILE'],
};
