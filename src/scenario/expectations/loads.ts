import { z } from 'zod';
import { parsedText } from '../../documents/parsed-text.ts';
import type { Bundle } from '../../report/bundle.ts';
import { rounded } from '../../report/summary.ts';
import { type Judged, judge, parseThreshold } from '../../report/thresholds.ts';
import { expectation } from '../expectation-row.ts';

const threshold = parsedText(parseThreshold, 'a bound: denied<1%, acquire_p90<5m, failed<=0');

export const thresholds = expectation({
  summary:
    'bounds that a load keeps, in the words of `fauxlm load`; `failed<=0` and `losses<=0` unless given',
  example: `
- load: { feature: solve, rate: 30/h, hold: 10m, for: 2h, spacing: uniform }
  expect: { thresholds: ['denied>50%', 'granted>=24', 'granted<=26'] }
`,
  of: 'load',
  words: z.array(threshold).min(1),
  check(words, { outcome }) {
    if (outcome?.kind !== 'load') return undefined;
    const { record, durationMs } = outcome;
    const plan = { hash: '', seed: '', name: 'load', server: '', durationMs };
    const bundle: Bundle = { plan, parts: [], record };
    const judged = words.map((text) => judge(parseThreshold(text), bundle, false));
    const missed = judged.filter(({ verdict }) => verdict !== 'kept');
    if (missed.length === 0) return undefined;
    return {
      expected: missed.map((each) => each.threshold.text).join(', '),
      got: missed.map(valueText).join(', '),
    };
  },
});

function valueText({ threshold: { measure }, value, verdict }: Judged): string {
  if (value === undefined) return 'nothing measured';
  const isTime = measure.kind === 'quantile' || measure.kind === 'mean' || measure.kind === 'gap';
  const text =
    measure.kind === 'share'
      ? `${rounded(100 * value)} %`
      : `${rounded(value)}${isTime ? ' ms' : ''}`;
  return verdict === 'inconclusive' ? `${text}, of too few` : text;
}
