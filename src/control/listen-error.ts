import { KnownError } from '../base/errors.ts';
import type { HttpAddress } from './http-address.ts';

/** Why an HTTP server cannot listen where `flag` says. */
export function listenError(
  flag: string,
  address: HttpAddress,
  cause: NodeJS.ErrnoException,
): KnownError {
  const where = `${flag} ${address.host}:${address.port}`;
  if (cause.code === 'EADDRINUSE' || cause.code === 'EACCES') {
    const got = cause.code === 'EACCES' ? 'permission denied' : 'one in use';
    const text = `${where}: expected a free port, got ${got}`;
    return new KnownError('NET_PORT_IN_USE', text, { ...address }, { cause });
  }
  const text = `${where}: expected an address of this machine, got: ${cause.message}`;
  return new KnownError('NET_UNREACHABLE', text, { ...address }, { cause });
}
