import { flexnetError } from '../base/flexnet-errors.ts';
import type { Refusal } from '../base/refusal.ts';
import { type AdminManager, type AdminWords, command } from './administration.ts';
import type { Dialogue } from './context.ts';
import { isRefused } from './refused.ts';

/** What lmremove's two forms name: a license by its handle, or those of a client. */
export interface Removal {
  readonly verb: 'remove' | 'removeClient';
  readonly words: AdminWords;
}

/** Codes that another server, or another daemon, may make good: the feature or the checkout is not here. */
const notHere: readonly number[] = [-5, -41];
/** No daemon has it. */
export const noSuchFeature: Refusal = { major: -5, minor: 222 };

/** Whether another server may make this refusal good. */
export function mayBeElsewhere(refusal: Refusal): boolean {
  return notHere.includes(refusal.major) || isAway(refusal);
}

/** Asks the vendor daemons of a manager in turn; undefined when one has freed the license. */
export async function removeFrom(
  { line, facts }: AdminManager,
  { verb, words }: Removal,
  dialogue: Dialogue,
): Promise<Refusal | undefined> {
  const failed: Refusal[] = [];
  for (const { name, down } of facts.vendors) {
    const daemon = down ?? (await line.daemon(name));
    if ('major' in daemon || isRefused(daemon)) {
      failed.push('major' in daemon ? daemon : daemon.refusal);
      continue;
    }
    const refusal = (await command(daemon, verb, words, dialogue))?.refusal;
    daemon.connection.close();
    if (refusal === undefined || !notHere.includes(refusal.major)) return refusal;
    failed.push(refusal.major === noSuchFeature.major ? noSuchFeature : refusal);
  }
  return mostTelling(failed) ?? noSuchFeature;
}

/** It could not be asked. */
function isAway({ major }: Refusal): boolean {
  return flexnetError(major).group === 'connection';
}

/** Who could not be asked may have it; that a checkout is not there says more than that its feature is not. */
export function mostTelling(failed: readonly Refusal[]): Refusal | undefined {
  return (
    failed.find(isAway) ?? failed.find(({ major }) => major !== noSuchFeature.major) ?? failed[0]
  );
}
