import type { FeatureTrace } from './trace.ts';

/** Two features of one daemon that one client takes at the same moment. */
export interface Bundle {
  readonly daemon: string;
  readonly features: readonly [string, string];
  /** Starts of the first that go with one of the second, and their share of all starts of the first. */
  readonly together: number;
  readonly share: number;
}

/** Programs take what they need within this time. */
const TOGETHER_MS = 5_000;
/** Below this share two features only happen to meet. */
const SHARE_MIN = 0.2;
const TOGETHER_MIN = 10;
/** Pairs grow with the square of features: those with most starts are looked at. */
const FEATURES_MAX = 40;
const BUNDLES_MAX = 50;

/** Features that go out together: denying one of them denies the other's use, too. Most frequent first. */
export function bundlesOf(traces: readonly FeatureTrace[]): readonly Bundle[] {
  if (traces.length < 2) return [];
  const most = [...traces]
    .sort((a, b) => b.sessions.size - a.sessions.size)
    .slice(0, FEATURES_MAX)
    .map((trace) => ({ trace, starts: startsByClient(trace) }));
  const bundles = most.flatMap((one) =>
    most.flatMap((other): Bundle[] => {
      if (one === other || one.trace.daemon !== other.trace.daemon) return [];
      const together = startsTogether(one.starts, other.starts);
      const share = together / Math.max(1, one.trace.sessions.size);
      if (together < TOGETHER_MIN || share < SHARE_MIN) return [];
      const features = [one.trace.feature, other.trace.feature] as const;
      return [{ daemon: one.trace.daemon, features, together, share }];
    }),
  );
  return bundles.sort((a, b) => b.together - a.together).slice(0, BUNDLES_MAX);
}

function startsByClient({ sessions }: FeatureTrace): Map<number, number[]> {
  const starts = new Map<number, number[]>();
  for (let row = 0; row < sessions.size; row++) {
    const since = sessions.since.at(row);
    if (Number.isNaN(since)) continue;
    const list = starts.get(sessions.client.at(row));
    if (list) list.push(since);
    else starts.set(sessions.client.at(row), [since]);
  }
  for (const list of starts.values()) list.sort((a, b) => a - b);
  return starts;
}

function startsTogether(one: Map<number, number[]>, other: Map<number, number[]>): number {
  let together = 0;
  for (const [client, starts] of one) {
    const others = other.get(client);
    if (others === undefined) continue;
    let at = 0;
    for (const start of starts) {
      while (at < others.length && others[at]! < start - TOGETHER_MS) at++;
      if (at < others.length && others[at]! <= start + TOGETHER_MS) together++;
    }
  }
  return together;
}
