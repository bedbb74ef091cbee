import { defaultPolicy } from './default.ts';
import type { VendorPolicy } from './policy.ts';

/** Cadence. unverified: CDS_LIC_FILE is searched before the general variable. */
export const cdslmd: VendorPolicy = {
  ...defaultPolicy('cdslmd'),
  environmentVariables: ['CDS_LIC_FILE', 'CDSLMD_LICENSE_FILE'],
};
