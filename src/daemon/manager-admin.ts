import { KnownError } from '../base/errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { refusalOfFile } from '../files/file-refusals.ts';
import { messages } from '../wire/messages/index.ts';
import { wordsOf, writeDone } from './admin-answer.ts';
import { forbidden } from './admin-rights.ts';
import type { LicenseManager } from './license-manager.ts';
import type { Peer } from './peer.ts';
import { protocolRefusals, writeFailure } from './refusals.ts';

/** The files cannot be served as they are now. */
const unservable: Refusal = { major: -2, minor: 708 };

/** Licenses are borrowed. Source: error list, -120. */
const borrowedOut: Refusal = { major: -120, minor: 712 };

/** lmdown and lmreread: answered first, done then. */
export function answerManagerAdmin(
  manager: LicenseManager,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const { tag, verb, words } = messages.adminRequest.decode(bytes, start, end);
  const { vendor = '', force } = wordsOf(words);
  if (verb !== 'down' && verb !== 'reread') {
    return writeFailure(peer, tag, protocolRefusals.unknownMessage);
  }
  const asker = { user: peer.client!.user, address: peer.remoteAddress };
  const no = forbidden(manager.options.rights, `lm${verb}`, asker);
  if (no) return writeFailure(peer, tag, no);
  if (vendor !== '' && manager.runner(vendor) === undefined) {
    return writeFailure(peer, tag, protocolRefusals.vendorDown);
  }
  if (verb === 'down') peer.later(down(manager, peer, tag, vendor, force === '1'));
  else peer.later(reread(manager, peer, tag, vendor));
}

/** Refused while licenses are borrowed, unless it is forced. Source: LAG, "lmdown". */
async function down(
  manager: LicenseManager,
  peer: Peer,
  tag: number,
  vendor: string,
  force: boolean,
): Promise<void> {
  const { user, host } = peer.client!;
  if (!force && (await isLending(manager, vendor))) {
    writeFailure(peer, tag, borrowedOut);
    return peer.flush();
  }
  const { notice } = manager.options;
  manager.options.log.shutdownRequested(user, host);
  writeDone(peer, tag, []);
  peer.flush();
  const life = vendor === '' ? undefined : manager.life(vendor);
  if (life) life.stop(15).catch((error: unknown) => notice('defect while stopping', { error }));
  else setImmediate(manager.options.onDown);
}

async function isLending(manager: LicenseManager, vendor: string): Promise<boolean> {
  const one = manager.runner(vendor);
  const runners = vendor === '' || one === undefined ? manager.runners : [one];
  const counts = await Promise.all(runners.map((runner) => runner.borrowed()));
  return counts.some((count) => count > 0);
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
}

/** A file that is gone is -1, one that may not be read -30; else what is in the files is at fault. */
function rereadRefusal(error: KnownError): Refusal {
  const unreadable = error.code === 'FILE_UNREADABLE' || error.code === 'FILE_TOO_LARGE';
  return unreadable ? refusalOfFile(error, { minor: unservable.minor }) : unservable;
}
