import { defaultPolicy } from './default.ts';
import type { VendorPolicy } from './policy.ts';

/**
 * COMSOL. Sources: COMSOL installation guide (the daemon's port, 1719); public lmstat outputs of
 * 11.19.6, which start the detail line at the margin.
 */
export const lmcomsol: VendorPolicy = {
  ...defaultPolicy('LMCOMSOL'),
  defaultPort: 1719,
  lmstatDialect: 'comsol',
};
