import { defaultPolicy } from './default.ts';
import type { VendorPolicy } from './policy.ts';

/**
 * Siemens PLM (NX). Source: a public debug log that announces case-sensitive licenses.
 * unverified: SPLM_LICENSE_SERVER and the older UGS_LICENSE_SERVER come before the general
 * variable.
 */
export const ugslmd: VendorPolicy = {
  ...defaultPolicy('ugslmd'),
  environmentVariables: ['SPLM_LICENSE_SERVER', 'UGS_LICENSE_SERVER', 'UGSLMD_LICENSE_FILE'],
  caseSensitive: true,
};
