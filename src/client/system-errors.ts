import type { Refusal } from '../base/refusal.ts';

/**
 * What a FlexNet client reports for an error of the operating system: major and minor as lmutil prints them,
 * errno and text as Linux spells them. Source: reference outputs of lmstat (-15,570:111, -96,7:2); the rows
 * without a seen minor use the nearest one.
 */
const rows: Readonly<Record<string, Refusal>> = {
  ECONNREFUSED: { major: -15, minor: 570, sys: 111, sysText: 'Connection refused' },
  ETIMEDOUT: { major: -15, minor: 570, sys: 110, sysText: 'Connection timed out' },
  EHOSTUNREACH: { major: -15, minor: 570, sys: 113, sysText: 'No route to host' },
  ENETUNREACH: { major: -15, minor: 570, sys: 101, sysText: 'Network is unreachable' },
  ECONNRESET: { major: -16, minor: 287, sys: 104, sysText: 'Connection reset by peer' },
  EPIPE: { major: -17, minor: 287, sys: 32, sysText: 'Broken pipe' },
  EMFILE: { major: -7, minor: 10, sys: 24, sysText: 'Too many open files' },
  ENOTFOUND: { major: -96, minor: 7, sys: 2, sysText: 'No such file or directory' },
  // A name that none can have: too long, or with characters of no name.
  EINVAL: { major: -96, minor: 7, sys: 22, sysText: 'Invalid argument' },
  EAI_AGAIN: { major: -96, minor: 7, sys: 2, sysText: 'No such file or directory' },
};

/** Characters of an error that no row knows. */
const WORDS_MAX = 200;

/** The refusal for a socket's error. Node may wrap several attempts (IPv6, then IPv4) in one: the last counts. */
export function refusalOfSystemError(error: unknown, stage: 'connect' | 'read'): Refusal {
  const attempts = (error as AggregateError).errors;
  const last = Array.isArray(attempts) && attempts.length > 0 ? attempts.at(-1) : error;
  const known = rows[(last as NodeJS.ErrnoException).code ?? ''];
  if (known) return known;
  const sysText = (last instanceof Error ? last.message : String(last)).slice(0, WORDS_MAX);
  return stage === 'connect'
    ? { major: -15, minor: 570, sysText }
    : { major: -16, minor: 287, sysText };
}
