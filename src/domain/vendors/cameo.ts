import { defaultPolicy } from './default.ts';
import type { VendorPolicy } from './policy.ts';

/**
 * No Magic (Cameo, MagicDraw). Source: an issue of a public exporter with this daemon's lmstat output, whose
 * vendor strings have escaped blanks.
 */
export const cameo: VendorPolicy = {
  ...defaultPolicy('cameo'),
  lmstatDialect: 'cameo',
};
