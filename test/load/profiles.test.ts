import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clientContext } from '../../src/client/context.ts';
import { scaled } from '../../src/domain/workload/scaling.ts';
import { startLicenseServer } from '../../src/index.ts';
import { runLoad } from '../../src/load/load-run.ts';
import { readProfile } from '../../src/load/profile.ts';
import { releasesOf } from '../../src/report/counters.ts';

const folder = join(import.meta.dirname, '../../scenarios/load');
const profiles = readdirSync(folder).filter((name) => name.endsWith('.profile.yaml'));
const licenses = { name: 'load.lic', text: readFileSync(join(folder, 'load.lic'), 'utf8') };

/** Each of them lasts about two seconds here. */
const LASTS_MS = 2_000;

describe.each(profiles)('%s', (name) => {
  test('keeps its thresholds and gives every license back, at a pace that suits a test', async () => {
    const profile = readProfile(join(folder, name));
    const pace = profile.workload.durationMs / LASTS_MS;
    // A day in two seconds would be thousands of sessions a second.
    const scale = Math.min(1, 120 / (peakOf(profile.workload) * pace));
    await using server = await startLicenseServer({ licenses });
    const outcome = await runLoad({
      ...profile,
      workload: scaled(profile.workload, { scale, pace }),
      seed: 'profiles',
      shard: { index: 0, of: 1 },
      server: server.address,
      context: clientContext(),
      // A test asserts no speed: bounds of times are for those who measure.
      thresholds: profile.thresholds.filter(({ measure }) => measure.kind !== 'quantile'),
      precise: false,
      abortEarly: false,
      interrupted: new AbortController().signal,
      onProgress: () => {},
    });
    const broken = outcome.judged.filter(({ verdict }) => verdict === 'broken');
    expect(broken.map(({ threshold, value }) => [threshold.text, value])).toEqual([]);
    const { counters } = outcome.bundle.record;
    expect(counters.grants).toBeGreaterThan(0);
    expect(counters.released).toBe(counters.granted);
    expect(releasesOf(counters)).toBe(counters.grants);
    const used = (): number[] =>
      ['acmed', 'meshd'].flatMap((vendor) => server.snapshot(vendor).features.map((f) => f.used));
    await expect.poll(used, { interval: 2, timeout: 60_000 }).toEqual([0, 0, 0]);
  });
});

function peakOf({ sessions }: { readonly sessions: { readonly kind: string } }): number {
  const phases = 'phases' in sessions ? JSON.stringify(sessions.phases) : '{}';
  const rates = [...phases.matchAll(/"(?:rate|from|to|peak)":([\d.e-]+)/g)].map(([, n]) =>
    Number(n),
  );
  const hourly = [...phases.matchAll(/"hourlyRates":\[([^\]]*)\]/g)].flatMap(([, all]) =>
    all!.split(',').map(Number),
  );
  return Math.max(1e-3, ...rates, ...hourly);
}
