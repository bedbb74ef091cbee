import type { DupGroup, FeatureLine } from './model.ts';

/**
 * One pool of seats as the license files define it: the lines whose counts add up, and what they have in
 * common. `poolDefinitions` (pools.ts) makes these in the order in which a daemon tries them.
 * Source: End User Guide v10 App. B; License Administration Guide, "License pools", "sort rules".
 */
export interface PoolDefinition {
  /** Identity across a reread: the pool key's text. Two definitions with one id are the same pool. */
  readonly id: string;
  /** Spelled as on its first line. Matching ignores case unless the vendor's daemon regards it. */
  readonly feature: string;
  readonly vendor: string;
  readonly version: string;
  readonly counted: boolean;
  readonly dupGroup: DupGroup;
  /** Node lock: undefined floats. */
  readonly hostids?: readonly string[];
  readonly platforms?: readonly string[];
  readonly vendorString?: string;
  /** The lines that add up, in file order; each has its own start, expiry and count. At least one. */
  readonly lines: readonly FeatureLine[];
}
