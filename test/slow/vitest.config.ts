import { defineConfig } from 'vitest/config';

/** Suites of real processes and many repetitions: minutes, not seconds. Run by `npm run test:slow` and CI. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/slow/**/*.test.ts'],
    testTimeout: 1_200_000,
    hookTimeout: 300_000,
    retry: 0,
  },
});
