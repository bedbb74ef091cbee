import type { VendorPolicy } from './policy.ts';

/**
 * The policy of a vendor we know nothing about.
 * Sources: License Administration Guide, "Setting the License Search Path" (VENDOR_LICENSE_FILE),
 * "License pools" (VENDOR_STRING counts only if the vendor says so), "Sort rules" (lower version
 * first; older guides say the opposite), "TIMEOUT" (the floor is the vendor's).
 * unverified: a floor of 900 s, which only Autodesk documents; the debug variable, after Intel's; two hours of
 * silence, which knowledge bases name as the usual LM_A_TCP_TIMEOUT; a day between clocks, where a vendor's knowledge
 * base says two; that what is borrowed may be given back early, which the vendor enables (error list, -123).
 */
export function defaultPolicy(name: string): VendorPolicy {
  const upper = name.toUpperCase();
  return {
    name,
    environmentVariables: [`${upper}_LICENSE_FILE`],
    debugVariable: `${upper}_LMD_DEBUG`,
    poolByVendorString: false,
    poolBySerialNumber: false,
    sort: 'lowerVersionFirst',
    lingerFloorSeconds: 0,
    sessionTimeoutSeconds: 2 * 60 * 60,
    clockToleranceSeconds: 24 * 60 * 60,
    earlyReturn: true,
    timeoutFloorSeconds: 900,
    caseSensitive: false,
  };
}
