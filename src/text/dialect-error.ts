import type { Refusal } from '../base/refusal.ts';
import { renderShortError } from './error-message.ts';
import type { Dialect } from './lmstat-dialect.ts';

/**
 * What WinSock calls an error of the operating system, by Linux's number for it. Sources: public outputs of
 * Windows builds (10061 with minor 10, 10049, HOST_NOT_FOUND); Microsoft, "Windows Sockets Error Codes".
 */
const winsockErrors: Readonly<Record<number, readonly [sys: number, text: string]>> = {
  2: [11001, 'Host not found (HOST_NOT_FOUND)'],
  99: [10049, 'Invalid address'],
  101: [10051, 'Network is unreachable'],
  104: [10054, 'Connection reset by peer'],
  110: [10060, 'Connection timed out'],
  111: [10061, 'Connection refused'],
  113: [10065, 'No route to host'],
  115: [10036, 'Operation now in progress'],
};

/** An error on one line as lmutil of that dialect prints it. */
export function renderDialectError(refusal: Refusal, dialect: Dialect): string {
  const text = renderShortError(dialect.windows ? winsockRefusal(refusal) : refusal);
  if (dialect.serverWords === 'license server system') return text;
  // Seen in 9.2, without the full stop: `Cannot connect to license server (-15,570:111 ...`.
  return text.replace(' license server system. (', ' license server (');
}

function winsockRefusal(refusal: Refusal): Refusal {
  const known = refusal.sys === undefined ? undefined : winsockErrors[refusal.sys];
  // Only errors of the network have one: -96,7:2 is a host that was not found, another 2 a file.
  if (!known || (refusal.sys === 2 && refusal.major !== -96)) return refusal;
  const [sys, text] = known;
  const minor = sys === 10061 ? 10 : refusal.minor;
  return { major: refusal.major, minor, sys, sysText: `WinSock: ${text}` };
}
