import { clipped } from '../language/clipped.ts';
import type { OptionsFile, OptionsRule } from '../options/model.ts';
import { type DenialId, denials, refusalOf } from './denials.ts';
import type { ExplainedRule } from './explanation.ts';
import { ruleWords, type Words } from './rule-words.ts';
import type { Trial } from './trials.ts';
import type { PoolTry } from './tries.ts';

/** A line that a rule stands on; options lines with their text. */
export interface RuleSource {
  readonly file: string;
  readonly line: number;
  readonly text?: string;
}

/**
 * The rules that a try of a pool applied, in order, each with what it says and where it stands: those of the pool up
 * to the one that refused, then those of its suite.
 */
export function rulesApplied(
  { trial, suiteTrial, row, refused }: PoolTry,
  options: OptionsFile | undefined,
): readonly ExplainedRule[] {
  const own = applied(trial, refused === trial ? row : -1, options);
  if (suiteTrial === undefined) return own;
  return [...own, ...applied(suiteTrial, refused === suiteTrial ? row : -1, options)];
}

/** About the request itself, which a suite is not asked once more. */
const ofRequest: ReadonlySet<DenialId> = new Set<DenialId>(['badCount', 'badVersion', 'version']);

function applied(
  trial: Trial,
  refusing: number,
  options: OptionsFile | undefined,
): readonly ExplainedRule[] {
  const { withComponent } = trial;
  const { reasons, feature } = trial.pool;
  const asked = withComponent ? reasons.filter((row) => !ofRequest.has(denials[row]!.id)) : reasons;
  const upTo = refusing < 0 ? asked : asked.filter((row) => row <= refusing);
  return upTo.map((row): ExplainedRule => {
    const id: DenialId = denials[row]!.id;
    const refuses = row === refusing;
    const words = ruleWords[id](trial, refuses);
    const source = sourceOf(words, trial, options);
    return {
      rule: id,
      feature,
      refuses,
      // Of a hundred pools each may be locked to thousands of host ids.
      text: clipped(words.text),
      ...(refuses && { code: refusalOf(row).major }),
      ...(source && { source }),
    };
  });
}

function sourceOf(
  { by }: Words,
  { pool }: Trial,
  options: OptionsFile | undefined,
): RuleSource | undefined {
  if (by === undefined) return undefined;
  if (by !== 'license') return options && optionsSource(options, by);
  const place = pool.definition.places?.[0];
  return place && { file: place.file, line: place.line };
}

/** An options line, its text on one line. */
export function optionsSource({ source }: OptionsFile, rule: OptionsRule): RuleSource {
  const text = source.text
    .slice(rule.start, rule.end)
    .replaceAll(/\\\r?\n/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return { file: source.name, line: rule.line, text: clipped(text) };
}
