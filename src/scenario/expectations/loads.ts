import { z } from 'zod';
import { parsedText } from '../../documents/parsed-text.ts';
import { type Judged, judge, measuredText, parseThreshold } from '../../report/thresholds.ts';
import { expectation } from '../expectation-row.ts';

const threshold = parsedText(parseThreshold, 'a bound: denied<1%, acquire_p90<5m, failed<=0');

export const thresholds = expectation({
  summary:
    'bounds that a load keeps, in the words of `fauxlm load`; `failed<=0` and `losses<=0` unless given, ' +
    'and what its profile says',
  example: `
- load: { feature: solve, rate: 30/h, hold: 10m, for: 2h, spacing: uniform }
  expect: { thresholds: ['denied>50%', 'granted>=24', 'granted<=26'] }
`,
  of: 'load',
  words: z.array(threshold).min(1),
  check(words, { outcome }) {
    if (outcome?.kind !== 'load') return undefined;
    const { record, durationMs, bounds } = outcome;
    const run = { plan: { durationMs }, record };
    const all = [...words.map(parseThreshold), ...bounds];
    const judged = all.map((each) => judge(each, run, false));
    const missed = judged.filter(({ verdict }) => verdict !== 'kept');
    if (missed.length === 0) return undefined;
    return {
      expected: missed.map((each) => each.threshold.text).join(', '),
      got: missed.map(valueText).join(', '),
    };
  },
});

function valueText(judged: Judged): string {
  const text = measuredText(judged) ?? 'nothing measured';
  return judged.verdict === 'inconclusive' && judged.value !== undefined
    ? `${text}, of too few`
    : text;
}
