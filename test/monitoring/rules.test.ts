import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { exposedMetrics } from './exposed.ts';
import { checked, metricsIn, toolPath } from './tools.ts';

const rulesFile = 'deploy/prometheus/fauxlm-rules.yml';
const testsFiles = ['rules-test.yml', 'usual-rules-test.yml'].map(
  (name) => `test/monitoring/${name}`,
);
const tested = testsFiles.map((file) => readFileSync(file, 'utf8')).join('');

interface Rule {
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const { groups } = parse(readFileSync(rulesFile, 'utf8')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);
const alerts = rules.filter(({ alert }) => alert !== undefined);

test('every rule asks for metrics that a running server exposes', async () => {
  const exposed = await exposedMetrics();
  const asked = rules.flatMap(({ expr }) => metricsIn(expr));
  expect(asked.length).toBeGreaterThan(10);
  for (const name of asked) expect([...exposed.keys()]).toContain(name);
});

test('what the rules are tested with has the labels that a running server tells', async () => {
  const exposed = await exposedMetrics();
  const series = [...tested.matchAll(/series: '(fauxlm_\w+)\{(.*?)\}'/g)];
  expect(series.length).toBeGreaterThan(10);
  for (const [whole, name, labels] of series) {
    const names = [...labels!.matchAll(/(\w+)=/g)].map(([, label]) => label!);
    const own = names.filter((label) => label !== 'job' && label !== 'instance').sort();
    expect(own.join(), whole).toBe(exposed.get(name!));
  }
});

test('every alert says how bad it is, what is the matter, what it means and what to do', () => {
  for (const { alert, labels, annotations } of alerts) {
    expect(['warning', 'critical', 'escalated'], alert).toContain(labels?.['severity']);
    expect(Object.keys(annotations ?? {}), alert).toEqual(['summary', 'description', 'runbook']);
  }
});

test('every alert is tested, and told in the how-to', () => {
  const told = readFileSync('docs/how-to/monitoring.md', 'utf8');
  for (const { alert } of alerts) {
    expect(tested).toMatch(new RegExp(`alertname: ${alert}\\n +exp_alerts:`));
    expect(told).toContain(`\`${alert}\``);
  }
});

const promtool = toolPath('promtool');

test.skipIf(promtool === undefined)(
  'each fires when it should and not before (needs promtool: Debian has it in prometheus)',
  async () => {
    expect(await checked(promtool!, ['check', 'rules', rulesFile])).toMatchObject({ status: 0 });
    const { status, text } = await checked(promtool!, ['test', 'rules', ...testsFiles]);
    expect(status, text).toBe(0);
  },
);
