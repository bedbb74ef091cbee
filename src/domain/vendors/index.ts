import { abaquslm } from './abaquslm.ts';
import { adskflex } from './adskflex.ts';
import { altairLic } from './altair-lic.ts';
import { alterad } from './alterad.ts';
import { ansyslmd } from './ansyslmd.ts';
import { cameo } from './cameo.ts';
import { cdslmd } from './cdslmd.ts';
import { defaultPolicy } from './default.ts';
import { intel } from './intel.ts';
import { lmcomsol } from './lmcomsol.ts';
import { mgcld } from './mgcld.ts';
import { mlm } from './mlm.ts';
import type { VendorPolicy } from './policy.ts';
import { snpslmd } from './snpslmd.ts';
import { ugslmd } from './ugslmd.ts';
import { xilinxd } from './xilinxd.ts';

export type { VendorPolicy } from './policy.ts';

/** Every vendor daemon we know something about. */
export const vendorPolicies: readonly VendorPolicy[] = [
  abaquslm,
  adskflex,
  altairLic,
  alterad,
  ansyslmd,
  cameo,
  cdslmd,
  intel,
  lmcomsol,
  mgcld,
  mlm,
  snpslmd,
  ugslmd,
  xilinxd,
];

const byName = new Map(vendorPolicies.map((policy) => [policy.name.toLowerCase(), policy]));

/**
 * The policy of the vendor daemon of that name, in any letter case; an unknown one gets the
 * default.
 */
export function vendorPolicy(name: string): VendorPolicy {
  return byName.get(name.toLowerCase()) ?? defaultPolicy(name);
}
