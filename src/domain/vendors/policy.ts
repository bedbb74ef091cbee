/** By platform, as Node names them. */
export type DefaultLogPath = Readonly<Partial<Record<'linux' | 'darwin' | 'win32', string>>>;

/**
 * What is particular to one vendor daemon. A vendor is one data file of this folder and its line in
 * `index.ts`; the daemons, the client and the pools read these fields and never ask for a vendor by
 * name. Facts carry their source in the vendor's file; `unverified:` marks a guess.
 */
export interface VendorPolicy {
  /** As the vendor spells it on VENDOR lines. */
  readonly name: string;
  /** The port the vendor daemon takes when the VENDOR line has no PORT=; absent: a free one. */
  readonly defaultPort?: number;
  /** Variables a client of this vendor searches before LM_LICENSE_FILE, in order. */
  readonly environmentVariables: readonly string[];
  /** Variable naming the file for the client's debug log. */
  readonly debugVariable: string;
  /** Where the vendor's own license manager writes the debug log unless it is told otherwise, as far as known. */
  readonly defaultLogPath?: DefaultLogPath;
  /** Lines that differ in VENDOR_STRING make pools of their own. */
  readonly poolByVendorString: boolean;
  /** Lines that differ in SN= make pools of their own. */
  readonly poolBySerialNumber: boolean;
  /**
   * Whose checkouts of a serial number's features, whatever these are, take one seat of it together, as DUP_GROUP=
   * spells it; absent: each feature has seats of its own. For vendors with `poolBySerialNumber`.
   */
  readonly serialSharing?: string;
  /** How lines without DUP_GROUP share seats, as DUP_GROUP= spells it; absent: not at all. */
  readonly seatSharing?: string;
  /**
   * Platforms, as PLATFORMS= names them, on which each node or CPU of a parallel build takes a seat of its own;
   * a client says which it works on.
   */
  readonly seatPerNode?: readonly string[];
  /** The debug logs of daemon and client tell the walk over serial numbers behind each checkout, step by step. */
  readonly logsWalk?: boolean;
  /** The version asked for is the day on which the product was built, written `2026.0131`. */
  readonly versionIsBuildDate?: boolean;
  /** Which of two versions of a feature is tried first, where `sort=` does not say. */
  readonly sort: 'lowerVersionFirst' | 'higherVersionFirst';
  /** Seats linger at least so long after they were left; 0: only where license or options file say so. */
  readonly lingerFloorSeconds: number;
  /** How long a client may be silent before its daemon gives it up (LM_A_TCP_TIMEOUT). */
  readonly sessionTimeoutSeconds: number;
  /** How far a client's clock may be from the server's, and the server's from its own. */
  readonly clockToleranceSeconds: number;
  /** Borrowed seats may be given back before their time. */
  readonly earlyReturn: boolean;
  /** A smaller TIMEOUT of the options file is raised to this. */
  readonly timeoutFloorSeconds: number;
  /** Feature names differ by letter case too. */
  readonly caseSensitive: boolean;
  /** How the vendor's lmstat writes, a name of `dialectOf` in `text/`; absent: as our default does. */
  readonly lmstatDialect?: string;
}
