import type { EpochMs } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import type { HistorySink } from '../scan/history.ts';
import type { LogNames } from '../scan/log-names.ts';
import { Pace } from './pace.ts';
import type { Poll, SampleFile } from './poll.ts';
import { type SampledFacts, SampledFeature, type SavedHolder } from './sampled-feature.ts';

/** How samples were taken. */
export interface Sampling {
  readonly polls: number;
  /** Servers or daemons that did not answer, over all samples. */
  readonly failures: number;
  /** The median time between two samples, and the longest. */
  readonly everyMs: number;
  readonly longestMs: number;
}

const NOTHING = { used: 0, holders: [] } as const;

/** Pieces sessions together from samples of one license server, in order of time. */
export class SampleHistory {
  readonly gaps: { readonly from: EpochMs; readonly to: EpochMs }[] = [];
  gapsLeft = 0;
  first: EpochMs | undefined;
  latest: EpochMs = Number.NEGATIVE_INFINITY;
  /** Samples that were in the store already. */
  passedOver = 0;
  readonly #features = new Map<string, SampledFeature>();
  readonly #daemonOf = new Map<string, string>();
  /** By daemon: the last sample in which it told all it had. */
  readonly #completeAt = new Map<string, EpochMs>();
  readonly #pace = new Pace();
  readonly #names: LogNames;
  readonly #sink: HistorySink;
  #resumedAt = Number.NEGATIVE_INFINITY;
  #polls = 0;
  #failures = 0;

  constructor(names: LogNames, sink: HistorySink) {
    this.#names = names;
    this.#sink = sink;
  }

  /** @throws KnownError PLAN_TOO_LARGE */
  take({ at, features, complete, failures }: Poll, file: SampleFile): void {
    if (at <= this.#resumedAt) {
      this.passedOver++;
      return;
    }
    if (at < this.latest) {
      file.outOfOrder++;
      return;
    }
    this.#passTo(at);
    this.#polls++;
    this.#failures += failures;
    const seen = new Set<string>();
    for (const polled of features) {
      const key = `${polled.daemon}\n${polled.feature}`;
      seen.add(key);
      this.#featureOf(key, polled.daemon, polled.feature).take(at, polled);
    }
    for (const daemon of complete) {
      for (const [key, feature] of this.#features) {
        if (this.#daemonOf.get(key) === daemon && !seen.has(key)) feature.take(at, NOTHING);
      }
      this.#completeAt.set(daemon, at);
    }
  }

  /** There are no more samples: what is out stays open. */
  end(): void {
    for (const feature of this.#features.values()) feature.end(this.latest);
  }

  get sampling(): Sampling {
    const { usual, longest } = this.#pace;
    return {
      ...{ polls: this.#polls, failures: this.#failures },
      ...{ everyMs: usual, longestMs: longest },
    };
  }

  get facts(): readonly SampledFacts[] {
    return [...this.#features].map(([key, feature]) => {
      const [daemon = '', name = ''] = key.split('\n');
      const { polls, fullPolls, namelessPolls, young, old, issued } = feature;
      return { daemon, feature: name, polls, fullPolls, namelessPolls, young, old, issued };
    });
  }

  save(): readonly SavedHolder[] {
    return [...this.#features.values()].flatMap((feature) => feature.save());
  }

  /** Goes on behind samples up to `latest`, at whose end these were out. */
  restore(saved: readonly SavedHolder[], latest: EpochMs): void {
    this.latest = latest;
    this.#resumedAt = latest;
    for (const holder of saved) {
      const { daemon, feature } = holder;
      this.#featureOf(`${daemon}\n${feature}`, daemon, feature).restore(holder);
    }
  }

  #passTo(at: EpochMs): void {
    if (Number.isFinite(this.latest)) {
      const { usual, gap } = this.#pace;
      if (usual > 0 && at - this.latest > gap) {
        if (this.gaps.length < limits.logNotesMax) this.gaps.push({ from: this.latest, to: at });
        else this.gapsLeft++;
      }
      this.#pace.add(at - this.latest);
    }
    this.first ??= at;
    this.latest = at;
  }

  #featureOf(key: string, daemon: string, feature: string): SampledFeature {
    let known = this.#features.get(key);
    if (known === undefined) {
      const id = this.#names.features.idOfText(feature, this.#names.daemons.idOfText(daemon, 0));
      const at = this.#completeAt.get(daemon);
      known = new SampledFeature(id, this.#names, this.#sink, this.#pace, at);
      this.#features.set(key, known);
      this.#daemonOf.set(key, daemon);
    }
    return known;
  }
}
