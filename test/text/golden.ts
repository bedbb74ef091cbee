import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/**
 * Compares a text with `fixtures/<path>`, byte for byte. UPDATE_GOLDEN=1 rewrites the file instead;
 * commit that only with a sentence on what caused the change. CI refuses to rewrite.
 */
export function expectGolden(path: string, text: string): void {
  const file = fileURLToPath(new URL(`../../fixtures/${path}`, import.meta.url));
  if (process.env['UPDATE_GOLDEN'] === '1') {
    if (process.env['CI']) throw new Error('goldens are not rewritten in CI');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, 'utf8'));
}

/** An instant by the clock on the wall here, so that goldens are the same in every time zone. */
export function localTime(
  day: readonly [year: number, month: number, day: number],
  time: readonly [hours: number, minutes: number, seconds?: number],
): number {
  return new Date(day[0], day[1] - 1, day[2], time[0], time[1], time[2] ?? 0).getTime();
}
