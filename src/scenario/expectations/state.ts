import { z } from 'zod';
import { expectation, type Miss } from '../expectation-row.ts';
import type { Stand, StandFeature } from '../stand.ts';
import { type Amount, amount, amountText, client, isAmount, listOf, texts } from '../words.ts';

async function featuresOf(stand: Stand): Promise<readonly StandFeature[]> {
  const all = await Promise.all(stand.servers.map((server) => server.features()));
  return all.flat();
}

/** Compares what there is of each feature with what is wanted of those named. */
async function featureMiss(
  stand: Stand,
  wanted: Readonly<Record<string, Amount>>,
  { what, of }: { readonly what: string; readonly of: (feature: StandFeature) => number },
): Promise<Miss | undefined> {
  const features = await featuresOf(stand);
  for (const [name, number] of Object.entries(wanted)) {
    const own = features.filter((feature) => feature.name === name);
    const got = own.reduce((sum, feature) => sum + of(feature), 0);
    if (isAmount(got, number)) continue;
    const holders = stand
      .holdings()
      .filter(({ feature }) => feature === name)
      .map(({ client: who, state }) => `${who} (${state})`);
    return {
      expected: `${amountText(number)} of ${name} ${what}`,
      got: own.length === 0 ? 'no such feature in any server that is up' : `${got}`,
      near: holders,
    };
  }
  return undefined;
}

export const inUse = expectation({
  summary: 'how many licenses of features are out',
  example: `
- checkout: { feature: solve, count: 2 }
  expect: { inUse: { solve: 2, mesh: { atMost: 5 } } }
`,
  of: 'state',
  needs: 'counts',
  words: z.record(z.string(), amount),
  check: (words, { stand }) =>
    featureMiss(stand, words, { what: 'in use', of: ({ used }) => used }),
});

export const waiting = expectation({
  summary: 'how many requests wait for features',
  example: `
- checkout: { feature: solve, count: 2 }
- checkout: { feature: solve, user: ben@ws2, wait: true }
  expect: { queued: true, waiting: { solve: 1 } }
`,
  of: 'state',
  needs: 'counts',
  words: z.record(z.string(), amount),
  check: (words, { stand }) =>
    featureMiss(stand, words, {
      what: 'waited for',
      of: (feature) => feature.waiting,
    }),
});

export const reserved = expectation({
  summary: 'how many licenses of features are reserved and idle',
  example: `
- reread: { options: { acmed: RESERVE 2 solve USER ann } }
  expect: { reserved: { solve: 2 } }
`,
  of: 'state',
  needs: 'records',
  words: z.record(z.string(), amount),
  check: (words, { stand }) =>
    featureMiss(stand, words, { what: 'reserved', of: ({ reserved: idle }) => idle }),
});

export const holds = expectation({
  summary: 'the features that users hold, as they see it: all of them, each as often as held',
  example: `
- checkout: { feature: solve, user: ann@ws1 }
  expect: { holds: { ann@ws1: [solve], ben@ws2: [] } }
`,
  of: 'state',
  words: z.record(client, z.union([texts, z.array(z.string())])),
  check(words, { stand }) {
    for (const [who, features] of Object.entries(words)) {
      const own = stand.holdings().filter((each) => each.client === who);
      const got = own.filter(({ state }) => state === 'held').map(({ feature }) => feature);
      const wanted = [...listOf(features)];
      if (wanted.sort().join(' ') === [...got].sort().join(' ')) continue;
      return {
        expected: `${who} to hold ${wanted.join(', ') || 'nothing'}`,
        got: got.join(', ') || 'nothing',
        near: own.map(({ feature, state }) => `${feature} (${state})`),
      };
    }
    return undefined;
  },
});
