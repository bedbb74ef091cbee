import { KnownError } from '../base/errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { findFeature } from '../domain/ledger/state.ts';
import { writeDone } from './admin-answer.ts';
import { type AdminTool, forbidden } from './admin-rights.ts';
import type { OptionFiles } from './option-files.ts';
import type { Peer } from './peer.ts';
import { writeFailure } from './refusals.ts';
import type { VendorDaemon } from './vendor-daemon.ts';

/** The new file is there already, or cannot be written; or there is no log to move. A minor of ours. */
const noLog: Refusal = { major: -30, minor: 710 };
const noSuchFeature: Refusal = { major: -5, minor: 346 };

interface LogVerb {
  readonly tool: AdminTool;
  readonly carryOut: (
    files: OptionFiles,
    path: string,
    words: Readonly<Record<string, string>>,
  ) => void | Promise<void>;
}

/** Source: LAG, "lmswitch", "lmswitchr", "lmnewlog". */
const logVerbs: Readonly<Record<string, LogVerb>> = {
  switchDebugLog: {
    tool: 'lmswitch',
    carryOut: (files, path, { rollover }) => files.switchDebug(path, rollover === '1'),
  },
  switchReportLog: { tool: 'lmswitchr', carryOut: (files, path) => files.switchReport(path) },
  moveReportLog: { tool: 'lmnewlog', carryOut: (files, path) => files.moveReport(path) },
};

export function isLogVerb(verb: string): boolean {
  return Object.hasOwn(logVerbs, verb);
}

/** What the tools for a daemon's logs ask of it; `name` is its own, or that of a feature it serves. */
export function answerLogAdmin(
  daemon: VendorDaemon,
  peer: Peer,
  request: {
    readonly tag: number;
    readonly verb: string;
    readonly words: Readonly<Record<string, string>>;
  },
): void {
  const { tag, verb, words } = request;
  const { tool, carryOut } = logVerbs[verb]!;
  const { name = '', path = '' } = words;
  const asker = { user: peer.client!.user, address: peer.remoteAddress };
  const no = forbidden(daemon.options.rights, tool, asker);
  if (no) return writeFailure(peer, tag, no);
  const isOurs = name.toLowerCase() === daemon.name.toLowerCase();
  if (!isOurs && findFeature(daemon.ledger, name) === undefined) {
    return writeFailure(peer, tag, noSuchFeature);
  }
  peer.later(answered(peer, tag, async () => carryOut(daemon.options.files, path, words)));
}

async function answered(peer: Peer, tag: number, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    writeDone(peer, tag, []);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    writeFailure(peer, tag, noLog, error.message);
  }
}
