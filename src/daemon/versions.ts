import { OWN_BUILD } from '../text/banner.ts';

/**
 * The FlexNet version that manager, daemons and tools say they are: the default dialect's.
 * Source: design decision, see src/README.md; 11.18.1 is what most sites ran when this was written.
 */
export const flexnetVersion = { major: 11, minor: 18, text: '11.18.1', build: OWN_BUILD } as const;

/** What `--protocol legacy` says: daemons below 11.10 are asked in 147-byte messages. */
export const legacyVersion = { major: 11, minor: 9 } as const;
