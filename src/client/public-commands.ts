import type { LicenseLine } from '../domain/license/model.ts';
import type { Dialogue } from './context.ts';
import type { Greeted } from './greeting.ts';
import { endpointText } from './license-path.ts';
import { untilNul, wordsOf } from './public-text.ts';
import { isRefused, type Refused, refusedBy, senseless } from './refused.ts';

/** Vendor daemons of one manager that are asked; real ones have a few dozen at most. */
const DAEMONS_MAX = 1_000;

/**
 * Text by one of the manager's public commands: `getpaths`, `dlist`, or an empty one for the license text.
 * Source: docs/protocol.md, "Public messages".
 */
export async function askCommand(
  { connection, daemon, endpoint }: Greeted,
  command: string,
  { identity }: Dialogue,
): Promise<{ readonly text: string } | Refused> {
  const { user, host, display } = identity;
  const asked = { lead: undefined, user, host, daemon, display, command };
  const answer = await connection.ask('command', asked);
  if (answer.kind === 'refused') return refusedBy(answer, 'manager');
  if (answer.kind === 'textAnswer') return { text: untilNul(answer.value.text, 0) };
  return senseless('client', `${endpointText(endpoint)}: expected text, got ${answer.kind}`);
}

/** The manager's vendor daemons, in its order. */
export async function daemonNames(
  manager: Greeted,
  dialogue: Dialogue,
): Promise<readonly string[] | Refused> {
  const answer = await askCommand(manager, 'dlist', dialogue);
  return isRefused(answer) ? answer : [...new Set(wordsOf(answer.text))].slice(0, DAEMONS_MAX);
}

export interface LicenseText {
  readonly lines: readonly LicenseLine[];
  /** It may be only what fitted one reply: lines behind may be missing. */
  readonly cut: boolean;
}

/**
 * A text from this size on may have been cut: one reply carries 65,535 bytes of whole lines, and the line that
 * did not fit was hardly longer than the rest.
 */
const CUT_CHARACTERS_MIN = 48 * 1024;

/** The license text that a manager hands out, parsed. */
export async function readLicenseText(
  manager: Greeted,
  dialogue: Dialogue,
): Promise<LicenseText | Refused> {
  const answer = await askCommand(manager, '', dialogue);
  if (isRefused(answer)) return answer;
  // Few calls need the license language, and a quick start can do without.
  const { parseLicenseFile } = await import('../domain/license/parse.ts');
  const { text } = answer;
  const source = { name: endpointText(manager.endpoint), text, encoding: 'utf-8' as const };
  return { lines: parseLicenseFile(source).lines, cut: text.length >= CUT_CHARACTERS_MIN };
}
