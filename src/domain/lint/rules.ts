import { attributeRules } from './attribute-rules.ts';
import { binaryRules } from './binary-rules.ts';
import { dateRules } from './date-rules.ts';
import { featureRules } from './feature-rules.ts';
import type { LintRule } from './model.ts';
import { optionsClientRules } from './options-client-rules.ts';
import { optionsNameRules } from './options-name-rules.ts';
import { optionsOrderRules } from './options-order-rules.ts';
import { optionsSeatRules } from './options-seat-rules.ts';
import { packageRules } from './package-rules.ts';
import { parserRules } from './parser-rules.ts';
import { pathRules } from './path-rules.ts';
import { placeholderRules } from './placeholder-rules.ts';
import { serverRules } from './server-rules.ts';
import { textRules } from './text-rules.ts';
import { triadRules } from './triad-rules.ts';
import { vendorRules } from './vendor-rules.ts';

/**
 * The table of all rules. A new rule is a row in the file of its subject and a fixture of its name.
 */
export const lintRules: readonly LintRule[] = [
  ...binaryRules,
  ...parserRules,
  ...textRules,
  ...placeholderRules,
  ...serverRules,
  ...triadRules,
  ...vendorRules,
  ...featureRules,
  ...attributeRules,
  ...dateRules,
  ...packageRules,
  ...pathRules,
  ...optionsNameRules,
  ...optionsClientRules,
  ...optionsSeatRules,
  ...optionsOrderRules,
];

const byId = new Map(lintRules.map((rule) => [rule.id, rule]));

/** The row of a finding's rule; undefined for an id that no row has. */
export function lintRule(id: string): LintRule | undefined {
  return byId.get(id);
}
