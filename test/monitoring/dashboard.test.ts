import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { Folder } from '../e2e/processes.ts';
import { exposedMetrics } from './exposed.ts';
import { checked, metricsIn, toolPath } from './tools.ts';

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly targets: readonly { readonly expr: string }[];
}

const text = readFileSync('deploy/grafana/fauxlm.json', 'utf8');
const { panels, templating } = JSON.parse(text) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly query: unknown }[] };
};
const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

test('every panel asks for metrics that a running server exposes, or that the rules record', async () => {
  const exposed = await exposedMetrics();
  const variables = templating.list.map(({ query }) => JSON.stringify(query));
  for (const expression of [...expressions, ...variables])
    for (const name of metricsIn(expression)) expect([...exposed.keys()]).toContain(name);
  const rules = readFileSync('deploy/prometheus/fauxlm-rules.yml', 'utf8');
  for (const [recorded] of text.matchAll(/fauxlm:\w+:\w+/g))
    expect(rules).toContain(`record: ${recorded}`);
});

test('no panel stands on another, and each has its number', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const taken = new Map<string, string>();
  for (const { title, gridPos } of panels) {
    const { x, y, w, h } = gridPos;
    expect(x + w, title).toBeLessThanOrEqual(24);
    for (let at = 0; at < w * h; at++) {
      const place = `${x + (at % w)},${y + Math.floor(at / w)}`;
      expect(taken.get(place), `${title} at ${place}`).toBeUndefined();
      taken.set(place, title);
    }
  }
});

test('compose mounts it, its provisioning, the rules and the configuration of alerts where they are', () => {
  const folder = 'deploy/compose';
  const { services } = parse(readFileSync(join(folder, 'compose.yaml'), 'utf8'), {
    merge: true,
  }) as { readonly services: Readonly<Record<string, { readonly volumes?: readonly string[] }>> };
  const mounted = Object.values(services).flatMap(({ volumes = [] }) =>
    volumes.map((each) => join(folder, each.split(':')[0]!)),
  );
  for (const source of mounted) expect(existsSync(source), source).toBe(true);
  for (const file of ['prometheus/fauxlm-rules.yml', 'grafana/fauxlm.json']) {
    expect(mounted).toContain(join('deploy', file, '..'));
    expect(existsSync(join('deploy', file))).toBe(true);
  }
});

const promtool = toolPath('promtool');

test.skipIf(promtool === undefined)(
  'every expression is one of PromQL (needs promtool: Debian has it in prometheus)',
  async () => {
    using folder = new Folder();
    const rules = expressions.map((expr, at) => ({ record: `panel:${at}`, expr }));
    const file = folder.file('panels.yml', JSON.stringify({ groups: [{ name: 'panels', rules }] }));
    const { status, text: said } = await checked(promtool!, ['check', 'rules', file]);
    expect(status, said).toBe(0);
  },
);
