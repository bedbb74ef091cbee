import { KnownError } from '../base/errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { refusalOfFile } from '../files/file-refusals.ts';
import { messages } from '../wire/messages/index.ts';
import type { LicenseManager } from './license-manager.ts';
import type { Peer } from './peer.ts';
import { protocolRefusals, writeFailure } from './refusals.ts';
import { wordsOf, writeDone } from './vendor-admin.ts';

/** Not from this machine (-local), and disabled for everyone (-x). Source: LAG, "lmgrd Command-Line Syntax". */
const onlyLocal: Refusal = { major: -119, minor: 706 };
const disabled: Refusal = { major: -63, minor: 707 };
/** The files cannot be served as they are now. */
const unservable: Refusal = { major: -2, minor: 708 };

/** lmdown and lmreread: answered first, done then. */
export function answerManagerAdmin(
  manager: LicenseManager,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const { tag, verb, words } = messages.adminRequest.decode(bytes, start, end);
  const { vendor = '' } = wordsOf(words);
  if (verb !== 'down' && verb !== 'reread') {
    return writeFailure(peer, tag, protocolRefusals.unknownMessage);
  }
  const no = forbidden(manager, peer, verb);
  if (no) return writeFailure(peer, tag, no);
  if (vendor !== '' && manager.runner(vendor) === undefined) {
    return writeFailure(peer, tag, protocolRefusals.vendorDown);
  }
  if (verb === 'down') down(manager, peer, tag, vendor);
  else void reread(manager, peer, tag, vendor);
}

function forbidden(
  manager: LicenseManager,
  peer: Peer,
  verb: 'down' | 'reread',
): Refusal | undefined {
  if (manager.options.disabled.has(`lm${verb}`)) return disabled;
  const local = isLoopback(peer.remoteAddress) || peer.remoteAddress === peer.localAddress;
  return manager.options.localOnly && !local ? onlyLocal : undefined;
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

function down(manager: LicenseManager, peer: Peer, tag: number, vendor: string): void {
  const { user, host } = peer.client!;
  const { notice } = manager.options;
  manager.options.log.shutdownRequested(user, host);
  writeDone(peer, tag, []);
  peer.flush();
  const life = vendor === '' ? undefined : manager.life(vendor);
  if (life) life.stop(15).catch((error: unknown) => notice('defect while stopping', { error }));
  else setImmediate(manager.options.onDown);
}

async function reread(
  manager: LicenseManager,
  peer: Peer,
  tag: number,
  vendor: string,
): Promise<void> {
  try {
    await manager.reread(peer.client!, vendor);
    writeDone(peer, tag, []);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    writeFailure(peer, tag, rereadRefusal(error), error.message);
  }
  peer.flush();
}

/** A file that is gone is -1, one that may not be read -30; else what is in the files is at fault. */
function rereadRefusal(error: KnownError): Refusal {
  const unreadable = error.code === 'FILE_UNREADABLE' || error.code === 'FILE_TOO_LARGE';
  return unreadable ? refusalOfFile(error, { minor: unservable.minor }) : unservable;
}
