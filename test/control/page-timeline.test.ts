import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeClock } from '../../src/base/clock-setting.ts';
import { type ControlPlane, startControlPlane } from '../../src/control/control-plane.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import { chromiumPath, complaintsOf, startChromium } from './chromium.ts';

const text = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'INCREMENT solve acmed 2.0 permanent 4 SIGN=00',
  'INCREMENT mesh acmed 1.0 permanent 2 SIGN=00',
  '',
].join('\n');
/** Four in the morning in New York. */
const monday = Date.UTC(2030, 0, 7, 9);

interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

describe.skipIf(chromiumPath === undefined)('the timeline in a browser (needs Chromium)', () => {
  let server: LicenseServer;
  let control: ControlPlane;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let wrong: string[];

  beforeAll(async () => {
    browser = await startChromium();
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    const clock = makeClock({ kind: 'manual', at: monday });
    server = await startServer({ licenses: [{ name: 'a.lic', text }], port: 0, clock });
    control = await startControlPlane(server, { host: '127.0.0.1', port: 0 });
    const timezoneId = 'America/New_York';
    context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId });
    page = await context.newPage();
    wrong = complaintsOf(page);
  });

  afterEach(async () => {
    await context.close();
    await control.close();
    await server.stop();
    expect(wrong).toEqual([]);
  });

  async function post(path: string, body: object, method = 'POST'): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const asked = { method, headers, body: JSON.stringify(body) };
    expect((await fetch(control.url + path, asked)).status).toBe(200);
  }

  const checkout = (feature: string, user: string) =>
    post('/checkout', { feature, user, host: 'ws1' });
  const told = (words: string) => page.locator('#timeline-text', { hasText: words });

  /** Thirty hours with seats out, three denials and a fault of two hours. */
  async function thirtyHours(): Promise<void> {
    for (const user of ['ann', 'ben']) await checkout('mesh', user);
    await server.clock.advance('6h');
    for (const user of ['cid', 'dan']) await checkout('mesh', user);
    await post('/faults', { fault: 'slow latency=1ms for=2h' });
    await server.clock.advance('12h');
    await checkout('mesh', 'eva');
    await server.clock.advance('12h');
    await checkout('solve', 'ann');
  }

  async function opened(): Promise<void> {
    await page.goto(control.url);
    await page.getByText('live', { exact: true }).waitFor();
    await told('at the end 3').waitFor();
  }

  const texts = (): Promise<readonly Box[]> =>
    page.evaluate(`[...document.querySelectorAll('#timeline text')].map((each) => {
      const { left, right, top } = each.getBoundingClientRect();
      return { text: each.textContent, left, right, top };
    })`);

  test.each([360, 1280, 1600])(
    'has times at even steps, the date where it changes, %i px wide',
    async (width) => {
      await page.setViewportSize({ width, height: 900 });
      await thirtyHours();
      await opened();
      const boxes = await texts();
      const dates = boxes.filter(({ text }) => text.includes('-'));
      expect(dates.map(({ text }) => text)).toEqual(['2030-01-07', '2030-01-08']);
      const times = boxes.filter(({ text }) => text.includes(':'));
      const hours = times.map(({ text }) => Number(text.slice(0, 2)));
      const step = (hours[1]! - hours[0]! + 24) % 24;
      expect([1, 2, 3, 6, 12]).toContain(step);
      for (const [index, hour] of hours.entries())
        expect(hour).toBe((hours[0]! + index * step) % 24);
      expect(times.every(({ text }) => text.endsWith(':00'))).toBe(true);
      expect(times.length).toBeGreaterThanOrEqual(2);
      for (const row of [times, dates]) {
        for (const [index, { left }] of row.entries())
          if (index > 0) expect(left, 'none covers another').toBeGreaterThan(row[index - 1]!.right);
      }
      const box = (await page.locator('#timeline').boundingBox())!;
      for (const { left, right } of boxes) {
        expect(left).toBeGreaterThanOrEqual(box.x);
        expect(right).toBeLessThanOrEqual(box.x + box.width);
      }
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
        width,
      );
    },
  );

  test('marks denials and faults, and tells the same to who does not see it', async () => {
    await thirtyHours();
    await opened();
    const words = (await page.locator('#timeline-text').textContent())!;
    expect(words).toContain(
      'From 2030-01-07 04:00:00 to 2030-01-08 10:00:00 (your time, UTC-05:00)',
    );
    expect(words).toContain('at most 3 out, at the end 3. 3 denials: mesh 3.');
    expect(words).toContain(
      'Faults: slow latency=1ms for=2h from 2030-01-07 10:00:00 to 2030-01-07 12:00:00.',
    );
    expect(await page.locator('#timeline .denied title').allTextContents()).toEqual([
      '2 denied: mesh 2, 2030-01-07 10:00:00',
      '1 denied: mesh 1, 2030-01-07 22:00:00',
    ]);
    expect(await page.locator('#timeline .fault').count()).toBe(1);
    await page.getByRole('img', { name: 'Seats out over time From 2030-01-07' }).waitFor();
    await post('/faults', { fault: 'slow latency=1ms user=zoe' });
    await checkout('solve', 'fay');
    await told('slow latency=1ms user=zoe from 2030-01-08 10:00:00 on.').waitFor();
    await server.clock.advance('1h');
    await post('/faults', {}, 'DELETE');
    await checkout('solve', 'gil');
    await told(
      'slow latency=1ms user=zoe from 2030-01-08 10:00:00 to 2030-01-08 11:00:00.',
    ).waitFor();
    await post('/reset', {});
    await told('at most 0 out, at the end 0. No denials.').waitFor();
    expect(await page.locator('#timeline .fault, #timeline .denied').count()).toBe(0);
  });

  test('zooms by mouse: what is dragged over, buttons, and a double click for all', async () => {
    await thirtyHours();
    await opened();
    const { x, y, width, height } = (await page.locator('#timeline').boundingBox())!;
    await page.mouse.move(x + width * 0.1, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.4, y + height / 2, { steps: 3 });
    await page.mouse.up();
    await told('2 denials: mesh 2').waitFor();
    expect(await page.locator('[aria-pressed=true]').count()).toBe(0);
    await page.locator('#timeline').dblclick();
    await told('3 denials').waitFor();
    await page.getByRole('button', { name: '1 h' }).click();
    await told('From 2030-01-08 09:00:00 to 2030-01-08 10:00:00').waitFor();
    await page.getByRole('button', { name: 'earlier' }).click();
    await told('From 2030-01-08 08:45:00 to 2030-01-08 09:45:00').waitFor();
    await page.getByRole('button', { name: 'in', exact: true }).click();
    await told('From 2030-01-08 09:00:00 to 2030-01-08 09:30:00').waitFor();
    await page.getByRole('button', { name: 'all', exact: true }).click();
    await told('From 2030-01-07 04:00:00').waitFor();
  });

  test('zooms by keyboard alone', async () => {
    await thirtyHours();
    await opened();
    await page.locator('[data-step=later]').focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('plot');
    await page.keyboard.press('+');
    await told('From 2030-01-07 19:00:00 to 2030-01-08 10:00:00').waitFor();
    await page.keyboard.press('ArrowLeft');
    await told('From 2030-01-07 15:15:00 to 2030-01-08 06:15:00').waitFor();
    await page.keyboard.press('ArrowRight');
    await told('From 2030-01-07 19:00:00 to 2030-01-08 10:00:00').waitFor();
    await page.keyboard.press('-');
    await told('From 2030-01-07 04:00:00').waitFor();
    await page.keyboard.press('+');
    await page.keyboard.press('0');
    await told('From 2030-01-07 04:00:00').waitFor();
  });

  test('a day with a clock that is put forward has its ticks at the same times', async () => {
    await page.goto(control.url);
    const hours = (size: number): Promise<readonly number[]> =>
      page.evaluate(`tickTimes(Date.UTC(2030, 2, 9, 17), Date.UTC(2030, 2, 11, 16),
        STEPS.find(({ size }) => size === ${size} * HOUR)).map((ms) => new Date(ms).getHours())`);
    expect(await hours(12)).toEqual([12, 0, 12, 0, 12]);
    expect(await hours(6)).toEqual([12, 18, 0, 6, 12, 18, 0, 6, 12]);
    const days = await page.evaluate(`tickTimes(Date.UTC(2030, 1, 27), Date.UTC(2031, 2, 11),
        stepFor(380 * DAY, 8)).map((ms) => dayOf(ms))`);
    expect(days).toEqual(['2030-04-01', '2030-07-01', '2030-10-01', '2031-01-01']);
  });

  test('draws no more than is to be seen, however much has happened', async () => {
    await thirtyHours();
    await opened();
    await page.evaluate(`{
      const end = points[points.length - 1];
      const at = (index) => end.ms - 1e8 + index * 1000;
      points = Array.from({ length: 20000 }, (_, index) => ({ ms: at(index), used: index % 97 }));
      points[7001].used = 400;
      points.push(end);
      denialMarks = Array.from({ length: 20000 }, (_, index) => ({ ms: at(index), feature: 'f' + index }));
      drawTimeline();
    }`);
    await told('at most 400 out').waitFor();
    expect(await page.evaluate(`$('timeline').querySelectorAll('*').length`)).toBeLessThan(400);
    expect(await page.evaluate(`$('timeline').innerHTML.length`)).toBeLessThan(60_000);
    const halves: unknown = await page.evaluate(
      `halfOf(points).reduce((most, { used }) => Math.max(most, used), 0)`,
    );
    expect(halves, 'a peak outlives thinning').toBe(400);
  });
});
