import type { PoolLock } from './lmstat-report.ts';
import { printable } from './wording.ts';

/**
 * `floating license`, or what the license is locked to. Source: public outputs; the forms of a
 * counted license locked to ANY and of an uncounted one locked to a host are inferred from the
 * other two.
 */
export function lockText(lock: PoolLock): string {
  if (lock.kind === 'floating') return 'floating license';
  const counted = lock.kind === 'uncountedNodelocked' ? 'uncounted ' : '';
  if (lock.hostid.toUpperCase() === 'ANY') {
    return `${counted}nodelocked license locked to NOTHING (hostid=ANY)`;
  }
  return `${counted}nodelocked license, locked to "${printable(lock.hostid)}"`;
}
