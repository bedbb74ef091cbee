import type { DupGroup, FeatureLine } from './model.ts';
import type { LinePlace } from './seat-lines.ts';

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
  /** Where `lines` stand, one each; absent where no file was read. */
  readonly places?: readonly LinePlace[];
  /** SN= of the first line. */
  readonly serialNumber?: string;
  /**
   * Whose checkouts take one seat of the serial number together, with whatever other pools of it; absent: the pool's
   * seats are its own.
   */
  readonly serialSharing?: DupGroup;
  /** BORROW: hours that a seat may be away, the most of its lines; absent: none may be borrowed. */
  readonly borrowHours?: number;
  /** Of an uncounted node-locked pool: whether remote-desktop sessions may use it. */
  readonly terminalServer?: 'TS_OK' | 'ONE_TS_OK';
  /**
   * FLOAT_OK: its dongle is at the license server, so that its seats float, but not to the server itself;
   * `bad` when HOSTID= does not name exactly one dongle (-121).
   */
  readonly floatOk?: 'floats' | 'bad';
  /** The package that its seats belong to. */
  readonly package?: PoolPackage;
  /** Platforms on which each node or CPU of a build takes a seat of its own; as the vendor's policy says. */
  readonly seatPerNode?: readonly string[];
}

/** What a pool is to a package. */
export interface PoolPackage {
  readonly name: string;
  /** The seats of a component; of the suite itself, which nobody asks for; of a PACKAGE line that is no use. */
  readonly role: 'component' | 'suite' | 'bad';
  /** Of a suite's component: the id of the pool whose seats go out with its own. */
  readonly suite?: string;
  /** SUITE_RESERVED. */
  readonly reserves?: true;
}
