import { escaped } from '../text/markup.ts';
import { rounded } from './rounding.ts';
import type { Outcome } from './summary.ts';
import type { Judged } from './thresholds.ts';

/** A test case for each threshold, and one for whether the measurement can be relied on. */
export function renderJunit({ bundle, judged, bottleneck, verdict }: Outcome): string {
  const { plan, parts } = bundle;
  const seconds = rounded(Math.max(0, ...parts.map(({ tookMs }) => tookMs)) / 1000);
  const isReliable = bottleneck === undefined && verdict !== 'unreachable';
  const generator = testCase(
    'the measurement can be relied on',
    isReliable ? undefined : (bottleneck ?? 'no vendor daemon decided anything'),
  );
  const cases = [generator, ...judged.map(judgedCase)];
  const failures = cases.filter((text) => text.includes('<failure')).length;
  const name = escaped(`load ${plan.name}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cases.length}" failures="${failures}" time="${seconds}">`,
    `<testsuite name="${name}" tests="${cases.length}" failures="${failures}" time="${seconds}">`,
    ...cases,
    '</testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function judgedCase({ threshold, value, verdict }: Judged): string {
  const got = value === undefined ? 'nothing measured' : `got ${rounded(value)}`;
  return testCase(threshold.text, verdict === 'kept' ? undefined : `${verdict}: ${got}`);
}

function testCase(name: string, failure: string | undefined): string {
  const head = `<testcase classname="fauxlm.load" name="${escaped(name)}"`;
  return failure === undefined
    ? `${head}/>`
    : `${head}><failure message="${escaped(failure)}"/></testcase>`;
}
