import { defineConfig } from 'vitest/config';

/** What takes minutes, a registry or a whole core: `npm run test:slow`. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/slow/**/*.test.ts'],
    testTimeout: 7_200_000,
    hookTimeout: 600_000,
    retry: 0,
  },
});
