import { defaultPolicy } from './default.ts';
import type { VendorPolicy } from './policy.ts';

/**
 * Autodesk. Sources: public debug logs of several sites, all on port 2080; Autodesk, "License
 * time-out" (the floor, 15 minutes).
 */
export const adskflex: VendorPolicy = {
  ...defaultPolicy('adskflex'),
  defaultPort: 2080,
  timeoutFloorSeconds: 900,
};
