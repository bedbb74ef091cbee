import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: ['test/container/**', 'test/slow/**'],
    setupFiles: ['test/setup.ts'],
    // Only a hang is a failure by time: speed is measured in bench/, never here.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    retry: 0,
    reporters: ['default'],
  },
});
