import { expiredLine, type LogText } from './debug-log.ts';
import { featureListLines, type ListedFeature } from './debug-log-features.ts';
import { type OptionsComplaints, optionsComplaintLines } from './debug-log-options.ts';
import { type RereadSlog, rereadSlogLines } from './debug-log-slog.ts';
import { printable } from './wording.ts';

/**
 * Reread, in this order: lmgrd's request, the daemons' first line, lmgrd's done, the daemons' rest.
 */
export const rereadTexts = {
  /** lmgrd's first line. */
  requested: (user: string, host: string) =>
    `Rereading license file... Requested from ${printable(`${user}@${host}`)}`,
  /** lmgrd's last lines. */
  lmgrdDone: ['Done rereading', '...Finished rereading'],
  /** A vendor daemon's first line. */
  vendorBegins: 'Rereading license file...',
  /** And its last. */
  vendorEnds: '...Finished rereading',
} as const;

/** FlexNet knows no reset: wording of ours. */
export const resetTexts = {
  /** lmgrd's line. */
  requested: 'fauxlm: reset requested; everything begins anew',
  /** A vendor daemon's line. */
  vendor: 'fauxlm: reset; all seats come back',
} as const;

export interface VendorReread extends RereadSlog {
  /** This machine's name. */
  readonly host: string;
  readonly features: Iterable<ListedFeature>;
  /** Every feature whose lines were read again. */
  readonly updated: Iterable<string>;
  readonly expired: readonly string[];
  readonly optionEchoes?: readonly string[];
  readonly optionsComplaints?: OptionsComplaints | undefined;
}

const wideFrame = '='.repeat(85);

/**
 * What a vendor daemon logs of a reread after its first line. Source: a public log of adskflex
 * 11.18.
 */
export function vendorRereadLines(reread: VendorReread): string[] {
  return [
    ...reread.expired.map(expiredLine),
    ...featureListLines(reread.host, reread.features),
    ...Array.from(reread.updated, (feature) => `Updating feature ${feature}`),
    'Rereading options file...',
    ...optionsComplaintLines(reread.optionsComplaints ?? {}),
    ...(reread.optionEchoes ?? []),
    wideFrame,
    '==== Reread : Feature List and Client Validation Initiated ===',
    wideFrame,
    wideFrame,
    '==== Reread : Feature List and Client Validation Completed ===',
    wideFrame,
    ...rereadSlogLines(reread),
    rereadTexts.vendorEnds,
  ];
}

/**
 * lmdown's request, by lmgrd; then an empty line without prefix. Source: a public log of MLM 11.18.
 */
export function shutdownRequestedLines(user: string, host: string): LogText[] {
  return [
    `SHUTDOWN request from ${printable(user)} at node ${printable(host)}`,
    'lmgrd will now shut down all the vendor daemons',
    { bare: '' },
  ];
}

/** lmgrd, once for each vendor daemon. */
export function shuttingDownLine(daemon: { vendor: string; pid: number; signal: number }): string {
  return `Shutting down ${daemon.vendor} pid=${daemon.pid} because of signal ${daemon.signal}`;
}

/** A vendor daemon, after its statistics and before the IN lines with their `(SHUTDOWN)`. */
export const vendorShutdownLine = 'Shutdown requested.';

/** lmgrd, when a daemon is going; the second line has no prefix. */
export function daemonStoppedLines(vendor: string, host: string): LogText[] {
  return [
    'daemon shutdown requested - shutting down',
    { bare: `Shut down FlexNet ${vendor} license server system on machine ${host}` },
  ];
}

/** The last line of lmgrd or of a daemon. Source: License Administration Guide; public logs. */
export function exitingLine(signal: number, reason?: number): string {
  return `EXITING DUE TO SIGNAL ${signal}${reason === undefined ? '' : ` Exit reason ${reason}`}`;
}
