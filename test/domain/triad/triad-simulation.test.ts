import { expect, test } from 'vitest';
import { SimulatedTriad } from './simulated-triad.ts';

const seeds = Number(process.env['FAUXLM_FUZZ'] ?? 300);

test(`${seeds} simulated triads`, () => {
  const first = process.env['FAUXLM_SEED'];
  const list =
    first === undefined ? Array.from({ length: seeds }, (_, at) => `triad-${at}`) : [first];
  let elections = 0;
  const failed: string[] = [];
  for (const seed of list) {
    const triad = new SimulatedTriad(seed);
    try {
      triad.run();
    } catch (error) {
      failed.push(`${seed}: ${(error as Error).message}`);
      if (failed.length === 1) console.log(triad.story.join('\n'), error);
    }
    elections += triad.elections;
  }
  console.log(elections, failed.length);
  expect(failed.slice(0, 20)).toEqual([]);
});
