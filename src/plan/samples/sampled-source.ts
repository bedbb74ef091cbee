import type { SampleQuality } from './read-samples.ts';
import type { Sampling } from './sample-history.ts';
import type { SampledFacts } from './sampled-feature.ts';
import type { SourceKind } from './source-kind-names.ts';

/** That a source is no log but samples, or sessions that somebody told, and what this means for what it says. */
export interface SampledSource {
  readonly kind: SourceKind;
  /** Undefined for sessions that were told. */
  readonly sampling?: Sampling;
  readonly factsOf: (daemon: string, feature: string) => SampledFacts | undefined;
}

/** What several parts of samples tell together; undefined when they are logs. */
export function sampledSource(qualities: readonly object[]): SampledSource | undefined {
  const parts = qualities.filter((quality): quality is SampleQuality => 'kind' in quality);
  const [first] = parts;
  if (first === undefined) return undefined;
  const facts = new Map<string, SampledFacts>();
  for (const each of parts.flatMap(({ features = [] }) => features)) {
    const key = `${each.daemon}\n${each.feature}`;
    const known = facts.get(key);
    facts.set(key, known === undefined ? each : added(known, each));
  }
  const samplings = parts.flatMap(({ sampling }) => (sampling === undefined ? [] : [sampling]));
  const sampling = samplings.length === 0 ? {} : { sampling: together(samplings) };
  const factsOf = (daemon: string, feature: string) => facts.get(`${daemon}\n${feature}`);
  return { kind: first.kind, ...sampling, factsOf };
}

function added(one: SampledFacts, other: SampledFacts): SampledFacts {
  return {
    ...one,
    polls: one.polls + other.polls,
    fullPolls: one.fullPolls + other.fullPolls,
    namelessPolls: one.namelessPolls + other.namelessPolls,
    young: one.young + other.young,
    old: one.old + other.old,
    issued: [...one.issued, ...other.issued].sort((a, b) => a.from - b.from),
  };
}

/** The pace of the part with most samples is the usual one. */
function together(samplings: readonly Sampling[]): Sampling {
  const most = samplings.reduce((one, other) => (other.polls > one.polls ? other : one));
  return samplings.reduce(
    (sum, { polls, failures, longestMs }) => ({
      polls: sum.polls + polls,
      failures: sum.failures + failures,
      everyMs: most.everyMs,
      longestMs: Math.max(sum.longestMs, longestMs),
    }),
    { polls: 0, failures: 0, everyMs: 0, longestMs: 0 },
  );
}

/** What a history was told by, within a sentence, and the verbs that go with it. */
export interface SourceNoun {
  readonly it: 'the log' | 'the samples' | 'the table';
  readonly has: 'has' | 'have';
  readonly does: 'does' | 'do';
  readonly covers: 'covers' | 'cover';
}

const one = { has: 'has', does: 'does', covers: 'covers' } as const;
const many = { has: 'have', does: 'do', covers: 'cover' } as const;

/** A log, samples, or a table of sessions: one reads of what one has given. */
export function sourceNoun(source: SampledSource | undefined): SourceNoun {
  if (source === undefined) return { it: 'the log', ...one };
  return source.sampling === undefined
    ? { it: 'the table', ...one }
    : { it: 'the samples', ...many };
}

/** What a history was told by, to begin a sentence with. */
export function sourceWords(source: SampledSource | undefined): string {
  if (source === undefined) return 'Debug logs';
  if (source.kind === 'lmstat') return 'Outputs of lmstat';
  if (source.kind === 'prometheus') return 'Samples of Prometheus';
  return source.sampling === undefined ? 'A table of sessions' : 'A table of samples';
}
