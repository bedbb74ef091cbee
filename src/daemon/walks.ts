import type { Refusal } from '../base/refusal.ts';
import type { CheckoutCommand } from '../domain/ledger/commands.ts';
import { isAboutSeats, refusalOf } from '../domain/ledger/denials.ts';
import { serialNeed } from '../domain/ledger/serials.ts';
import { type PoolTry, tryPools } from '../domain/ledger/tries.ts';
import type { PoolDefinition } from '../domain/license/pool-definition.ts';
import { logClient } from '../text/debug-log.ts';
import { type WalkedSerial, walkLines } from '../text/debug-log-walk.ts';
import { messages, OWN_VERSION, TELL_WALK } from '../wire/messages/index.ts';
import type { Peer } from './peer.ts';
import type { VendorDaemon } from './vendor-daemon.ts';

/** Serial numbers that are told of one checkout; a site has a few dozen. */
const SERIALS_TOLD_MAX = 100;

/**
 * Tells the walk over serial numbers that a checkout is about to take, if the vendor's policy asks for it: to the
 * debug log, and to the client that wants it for its own.
 */
export function tellWalk(
  daemon: VendorDaemon,
  peer: Peer,
  command: CheckoutCommand,
  { tag, flags }: { readonly tag: number; readonly flags: number },
): void {
  const { policy, log } = daemon.options;
  if (policy.logsWalk !== true) return;
  const wanted = (flags & TELL_WALK) !== 0;
  if (!wanted && !log.written) return;
  const lines = linesOf(daemon, command);
  if (log.written) log.walk(lines);
  if (wanted) messages.walk.write(peer.out, { ownVersion: OWN_VERSION, tag, lines });
}

function linesOf(daemon: VendorDaemon, command: CheckoutCommand): readonly string[] {
  const tries = tryPools(daemon.ledger, command, daemon.now());
  const { feature, version, count, client } = command;
  const question = {
    ...{ feature, version, count },
    versionIsBuildDate: daemon.options.policy.versionIsBuildDate === true,
    client: logClient(client.user, client.host),
  };
  const told = tries.slice(0, SERIALS_TOLD_MAX).map(serialOf);
  const granted = tries.length > 0 && tries.at(-1)!.row < 0;
  return walkLines(question, told, { granted, leftOut: tries.length - told.length });
}

/**
 * Who has a seat of a serial number may have its features: the vendor's policy says so, or a suite's seats do where
 * it does not.
 */
function serialOf({ pool, trial, suiteTrial, row }: PoolTry): WalkedSerial {
  const asked = suiteTrial ?? trial;
  const needed = asked.pool.serial === undefined ? asked.added : serialNeed(asked);
  const refusal: Refusal | undefined = row < 0 ? undefined : refusalOf(row);
  return {
    serialNumber: pool.definition.serialNumber ?? '',
    place: placeOf(pool.definition),
    ...(refusal && !isAboutSeats(row) && { invalid: refusal }),
    held: trial.count - needed,
    needed,
    ...(refusal && isAboutSeats(row) && { notFree: refusal }),
  };
}

function placeOf({ places, lines }: PoolDefinition): string {
  const { file, line } = places?.[0] ?? { file: 'the license', line: lines[0]!.line };
  return `${file}:${line}`;
}
