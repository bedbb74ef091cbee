import { dirname, join } from 'node:path';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import type { Place } from '../documents/places.ts';
import type { Problem } from '../documents/problems.ts';
import type { Workload } from '../domain/workload/model.ts';
import { expectedSessions } from '../domain/workload/sessions.ts';
import { readSource } from '../files/license-sources.ts';
import { checkedProfile } from '../load/profile.ts';

/**
 * What is wrong with the load profile that is named at `place`: in the profile at its place there, and its text is put
 * into `sources`; as a load of a scenario at the name.
 */
export function profileProblems(
  name: string,
  { place, sources }: { readonly place: Place; readonly sources: Map<string, string> },
): readonly Problem[] {
  const file = join(dirname(place.file), name);
  let text: string;
  try {
    ({ text } = readSource(file));
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return [{ place, message: error.message }];
  }
  sources.set(file, text);
  const { profile, problems } = checkedProfile(file, text);
  const got = profile && excessOf(profile.workload);
  return got === undefined ? problems : [{ place, message: got }];
}

/** What of a workload no scenario can do. */
function excessOf(workload: Workload): string | undefined {
  const { polls, churnPerSecond, users, sessions } = workload;
  if (polls.length > 0 || churnPerSecond > 0) {
    return 'expected a profile of sessions alone, got one with monitors or churn: those are for fauxlm load';
  }
  const most = limits.scenarioLoadSessionsMax;
  const expected = sessions.kind === 'closed' ? users : (expectedSessions(workload) ?? 0);
  if (expected <= most) return undefined;
  return `expected a load of at most ${most} sessions, got ${Math.round(expected)}`;
}
