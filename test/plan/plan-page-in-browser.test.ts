import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, startChromium } from '../control/chromium.ts';
import { Folder, run } from '../e2e/processes.ts';

describe.skipIf(chromiumPath === undefined)('the plan in a browser (needs Chromium)', () => {
  const folder = new Folder();
  let browser: Browser;

  beforeAll(async () => {
    browser = await startChromium();
    const words = ['--days', '42', '--poll', '10m', '--seats', '60', '--seed', '3'];
    const made = ['-o', folder.at('debug.log'), '--lmstat', folder.at('polls.txt'), ...words];
    expect(await run('fauxlm', ['generate', ...made])).toMatchObject({ status: 0 });
    const money = ['--deny', '2%', '--seat-cost', '12000', '--denied-hour-cost', '80'];
    for (const name of ['debug.log', 'polls.txt']) {
      const page = folder.at(`${name}.html`);
      const planned = await run('fauxlm', ['plan', folder.at(name), ...money, '--html', page]);
      expect(planned).toMatchObject({ status: 0 });
    }
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    folder[Symbol.dispose]();
  });

  test.each([
    ['debug.log', 360, 'light'],
    ['debug.log', 1280, 'dark'],
    ['polls.txt', 360, 'dark'],
    ['polls.txt', 1280, 'light'],
  ] as const)('of %s is readable %i px wide, %s', async (name, width, colorScheme) => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    await page.goto(pathToFileURL(folder.at(`${name}.html`)).href);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    // No word of a head is broken into its letters, and no table hides a column.
    const heads = await page.evaluate(`[...document.querySelectorAll('tr')]
      .filter((row) => row.getBoundingClientRect().height > 100).length`);
    expect(heads).toBe(0);
    const hidden = await page.evaluate(`[...document.querySelectorAll('.wide')]
      .filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.textContent)`);
    expect(hidden).toEqual([]);
    const cut = await page.evaluate(`[...document.querySelectorAll('svg')].flatMap((svg) => {
      const plot = svg.getBoundingClientRect();
      return [...svg.querySelectorAll('text')].filter((text) => {
        const box = text.getBoundingClientRect();
        return box.left < plot.left - 1 || box.right > plot.right + 1 ||
          box.top < plot.top - 1 || box.bottom > plot.bottom + 1;
      }).map((text) => text.textContent);
    })`);
    expect(cut).toEqual([]);
    const letters: unknown =
      await page.evaluate(`Math.min(...[...document.querySelectorAll('svg text:not([transform])')]
      .filter((text) => text.textContent !== '').map((text) => text.getBoundingClientRect().height))`);
    expect(letters).toBeGreaterThan(9.5);
    await context.close();
  });

  test('of samples says what they do not show, and nothing of denials in a log', async () => {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(folder.at('polls.txt.html')).href);
    const caveat = page.locator('.caveat');
    await caveat.getByText('What these data do not show').waitFor();
    await caveat.getByText('denials are not in them', { exact: false }).waitFor();
    const text = (await page.locator('body').textContent())!;
    expect(text).not.toMatch(/the log\b|denied, by number|refused for good|starts of daemons/);
    expect(text).toContain('6047 samples, every 10m');
    await page.close();
  });
});
