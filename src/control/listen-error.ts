import { KnownError } from '../base/errors.ts';
import type { HttpAddress } from './http-address.ts';

/** Why a control plane cannot listen where it is to. */
export function listenError(address: HttpAddress, cause: NodeJS.ErrnoException): KnownError {
  const where = `--http ${address.host}:${address.port}`;
  if (cause.code === 'EADDRINUSE' || cause.code === 'EACCES') {
    const got = cause.code === 'EACCES' ? 'permission denied' : 'one in use';
    const text = `${where}: expected a free port, got ${got}`;
    return new KnownError('NET_PORT_IN_USE', text, { ...address }, { cause });
  }
  const text = `${where}: expected an address of this machine, got: ${cause.message}`;
  return new KnownError('NET_UNREACHABLE', text, { ...address }, { cause });
}
