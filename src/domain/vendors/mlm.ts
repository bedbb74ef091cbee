import { defaultPolicy } from './default.ts';
import type { VendorPolicy } from './policy.ts';

/**
 * MathWorks. Sources: OpenLM, article on TIMEOUT floors (4 hours); a public lmstat output in which
 * blocks of one feature differ in vendor_string; a MathWorks answer that shows the newer version
 * taken first; another on log files, which names the debug log of Unix machines.
 */
export const mlm: VendorPolicy = {
  ...defaultPolicy('MLM'),
  defaultLogPath: { linux: '/var/tmp/lm_TMW.log', darwin: '/var/tmp/lm_TMW.log' },
  poolByVendorString: true,
  sort: 'higherVersionFirst',
  timeoutFloorSeconds: 14_400,
};
