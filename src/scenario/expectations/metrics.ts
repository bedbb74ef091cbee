import { z } from 'zod';
import { expectation } from '../expectation-row.ts';
import { nearestLines } from '../nearest-lines.ts';
import { amount, amountText, isAmount } from '../words.ts';

/** A metric with some of its labels: `fauxlm_feature_queued{feature="solve"}`. */
const series = z
  .string()
  .regex(
    /^[a-z_]+(\{([a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*)?\})?$/,
    'expected NAME or NAME{label="text"}',
  );

interface Sample {
  readonly name: string;
  readonly labels: ReadonlySet<string>;
  readonly value: number;
}

/** Labels as they are written: what is asked for is written the same way. */
function sampleOf(line: string): Sample | undefined {
  const match = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
  if (match === null) return undefined;
  const value = match[3] === '+Inf' ? Number.POSITIVE_INFINITY : Number(match[3]);
  return { name: match[1]!, labels: labelsOf(match[2] ?? ''), value };
}

function labelsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/[a-z_]+="(?:[^"\\]|\\.)*"/g) ?? []);
}

export const metrics = expectation({
  summary:
    'what Prometheus would read: a metric with some of its labels, added up over all that have them',
  example: `
- checkout: { feature: solve, count: 2 }
- checkout: { feature: solve, user: ben@ws2 }
  expect:
    denied: -4
    metrics:
      'flexlm_feature_used{name="solve"}': 2
      'fauxlm_checkouts_denied_total{code="-4",feature="solve"}': { atLeast: 1 }
`,
  of: 'state',
  needs: 'metrics',
  words: z.record(series, amount),
  async check(words, { stand }) {
    const texts = await Promise.all(stand.servers.map((server) => server.metrics?.() ?? ''));
    const lines = texts.flatMap((text) => text.split('\n')).filter((line) => !line.startsWith('#'));
    const samples = lines.flatMap((line) => sampleOf(line) ?? []);
    for (const [wanted, number] of Object.entries(words)) {
      const [name = '', rest = ''] = wanted.split(/[{}]/);
      const labels = [...labelsOf(rest)];
      const own = samples.filter(
        (sample) => sample.name === name && labels.every((label) => sample.labels.has(label)),
      );
      const got = own.reduce((sum, { value }) => sum + value, 0);
      if (isAmount(got, number)) continue;
      return {
        expected: `${wanted} to be ${amountText(number)}`,
        got: own.length === 0 ? 'no such series' : String(got),
        near: nearestLines(wanted, lines.join('\n')),
      };
    }
    return undefined;
  },
});
