import { OWN_VERSION } from './messages/own.ts';

/**
 * How fauxlm's programs and servers know each other: the hello's `mark` says `T`, as every client's does, then
 * NUL, `fauxlm` and the version of our messages; the greeting's `suffix` answers 0xfa and the server's version.
 * Others read past both. Source: docs/protocol.md, "Announcement".
 */
const MARK_TEXT = 'T\0fauxlm';
const SUFFIX_HIGH = 0xfa;

/** The `mark` of a program of ours. */
export const ownMark: Uint8Array = Buffer.from(`${MARK_TEXT}${String.fromCharCode(OWN_VERSION)}`);
/** The `mark` of everybody else. */
export const plainMark: Uint8Array = Buffer.from('T');
/** The `suffix` of a greeting that answers a program of ours; 0 answers everybody else. */
export const ownSuffix = (SUFFIX_HIGH << 8) | OWN_VERSION;

/** The version of our messages that a hello's `mark` announces; 0 when it announces nothing. */
export function announcedVersion(mark: Uint8Array): number {
  for (let at = 0; at < MARK_TEXT.length; at++) {
    if (mark[at] !== MARK_TEXT.charCodeAt(at)) return 0;
  }
  return mark[MARK_TEXT.length] ?? 0;
}

/** The version of our messages that a greeting's `suffix` offers; 0 when the server is not one of ours. */
export function offeredVersion(suffix: number): number {
  return suffix >>> 8 === SUFFIX_HIGH ? suffix & 0xff : 0;
}
