import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeClock } from '../../src/base/clock-setting.ts';
import { limits } from '../../src/base/limits.ts';
import { type ControlPlane, startControlPlane } from '../../src/control/control-plane.ts';
import { pageScript } from '../../src/control/page/page-script.ts';
import { pageStyle } from '../../src/control/page/page-style.ts';
import { parseTokens } from '../../src/control/tokens.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';
import { chromiumPath, complaintsOf, startChromium } from './chromium.ts';

const text = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'INCREMENT solve acmed 2.0 31-jan-2030 4 SIGN=00',
  'INCREMENT mesh acmed 1.0 permanent 2 SIGN=00',
  'INCREMENT crowd acmed 1.0 permanent 20000 SIGN=00',
  '',
].join('\n');
const monday = Date.UTC(2030, 0, 7, 9);

let server: LicenseServer;
let control: ControlPlane;

beforeEach(async () => {
  const clock = makeClock({ kind: 'manual', at: monday });
  const licenses = [{ name: 'a.lic', text }];
  const options = { acmed: { name: 'acmed.opt', text: 'RESERVE 1 solve USER eve\n' } };
  server = await startServer({ licenses, options, port: 0, clock, timeZone: 'UTC' });
  control = await startControlPlane(server, { host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  await control.close();
  await server.stop();
});

test('the page comes with a strict policy, loads its own files only, and answers HEAD', async () => {
  const response = await fetch(`${control.url}/`);
  const policy = response.headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*|http/);
  const page = await response.text();
  expect(page).not.toMatch(/https?:\/\/|<script>|style=|\son[a-z]+=|@import/);
  expect([...page.matchAll(/(?:src|href)="(\/[^"]*)"/g)].map(([, path]) => path)).toEqual([
    '/page.css',
    '/icon.svg',
    '/page.js',
    '/docs',
    '/docs',
    '/metrics',
  ]);
  expect(pageStyle + pageScript()).not.toMatch(/https?:\/\/|url\(|@import|innerHTML|eval\(/);
  const head = await fetch(`${control.url}/`, { method: 'HEAD' });
  expect(head.headers.get('content-security-policy')).toBe(policy);
});

async function post(path: string, body: object): Promise<Record<string, never>> {
  const headers = { 'content-type': 'application/json' };
  const asked = { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(control.url + path, asked);
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, never>;
}

/** Seats of a daemon in this process, without a socket each. */
function fill(feature: string, users: number): void {
  const daemon = server.daemon('acmed')!;
  for (let at = 0; at < users; at++) {
    const client = {
      ...{ user: `user${String(at).padStart(5, '0')}`, host: `ws${at}`, display: '/dev/pts/1' },
      ...{ platform: 'x64_lsb', pid: at, project: '', address: '127.0.0.1' },
      hostids: [],
    };
    const session = 1_000_000 + at;
    daemon.apply({
      kind: 'checkout',
      session,
      client,
      feature,
      version: '1.0',
      count: 1,
      data: '',
    });
  }
}

describe.skipIf(chromiumPath === undefined)('in a browser (needs Chromium)', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let wrong: string[];

  beforeAll(async () => {
    browser = await startChromium();
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    wrong = complaintsOf(page);
    page.on('request', (request) => {
      if (!request.url().startsWith(control.url)) wrong.push(`asked ${request.url()}`);
    });
  });

  afterEach(() => context.close());

  const feature = (name: string) =>
    page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });

  test('shows seats, who has them, and what changes, as it changes', async () => {
    await post('/checkout', { feature: 'solve', user: 'ann', host: 'ws1' });
    await page.goto(control.url);
    await page.getByText('live', { exact: true }).waitFor();
    await feature('solve').getByRole('img', { name: '1 of 4 out, 1 reserved, 2 free' }).waitFor();
    await page.getByText('solve expires in 24 days').waitFor();
    await page.getByRole('cell', { name: 'ann', exact: true }).waitFor();
    for (const user of ['ben', 'cid'])
      await post('/checkout', { feature: 'mesh', user, host: 'ws2' });
    await feature('mesh').getByRole('img', { name: '2 of 2 out, 0 reserved, 0 free' }).waitFor();
    await page.getByText('mesh: no seat is free').waitFor();
    await post('/checkout', { feature: 'mesh', user: 'dan', host: 'ws3' });
    await page.getByRole('log').getByText('dan@ws3: mesh denied', { exact: false }).waitFor();
    await post('/checkout', { feature: 'mesh', user: 'eva', host: 'ws4', whenInUse: 'queue' });
    await page.getByText('eva@ws4 waits for 1 of mesh').waitFor();
    await post('/reset', {});
    await feature('mesh').getByRole('img', { name: '0 of 2 out, 0 reserved, 2 free' }).waitFor();
    await page.getByText('none so far').waitFor();
    expect(wrong).toEqual([]);
  });

  test('tells what was denied before it was opened, and what is nearly used up', async () => {
    fill('crowd', 17_000);
    for (const user of ['ann', 'ben', 'cid'])
      await post('/checkout', { feature: 'mesh', user, host: 'ws1' });
    await page.goto(control.url);
    const log = page.getByRole('log');
    await log.getByText('cid@ws1: mesh denied', { exact: false }).waitFor();
    await page.getByText('crowd: 85 % in use, 3000 free').waitFor();
    await post('/checkout', { feature: 'mesh', user: 'dan', host: 'ws1' });
    await log.getByText('dan@ws1: mesh denied', { exact: false }).waitFor();
    expect(await log.getByRole('listitem').count()).toBe(2);
    expect(wrong).toEqual([]);
  });

  test('finds the server again after a break', async () => {
    await page.goto(control.url);
    await page.getByText('live', { exact: true }).waitFor();
    const port = Number(new URL(control.url).port);
    await control.close();
    await page.getByText('reconnecting', { exact: true }).waitFor();
    control = await startControlPlane(server, { host: '127.0.0.1', port });
    await page.getByText('live', { exact: true }).waitFor();
    await post('/checkout', { feature: 'solve', user: 'ann', host: 'ws1' });
    await feature('solve').getByRole('img', { name: '1 of 4 out', exact: false }).waitFor();
  });

  test('keeps 10,000 users in reach with few rows, and finds one of them', async () => {
    fill('crowd', 10_000);
    await page.goto(control.url);
    await page.getByText('10000 checkouts').waitFor();
    const rows = page.locator('#user-rows tr:not(.space)');
    expect(await rows.count()).toBeLessThan(100);
    await page.locator('#users').evaluate((box) => {
      box.scrollTop = box.scrollHeight;
    });
    await page.getByRole('cell', { name: 'user09999', exact: true }).waitFor();
    expect(await rows.count()).toBeLessThan(100);
    await page.getByLabel('Search users').fill('user04242');
    await page.getByText('1 checkout', { exact: true }).waitFor();
    await page.getByRole('cell', { name: 'user04242', exact: true }).waitFor();
    expect(wrong).toEqual([]);
  });

  test('asks before it changes anything, and tells what came of it', async () => {
    await page.goto(control.url);
    await page.getByText('live', { exact: true }).waitFor();
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Advance' }).click();
    await dialog.getByText('Advance the clock by 1h?').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(server.clock.now()).toBe(monday);
    await page.getByRole('button', { name: 'Advance' }).click();
    await dialog.getByRole('button', { name: 'Do it' }).click();
    await page.getByText('The clock was advanced by 1h.').waitFor();
    expect(server.clock.now()).toBe(monday + 3_600_000);
    await page.getByLabel('Fault').fill('nonsense');
    await page.getByRole('button', { name: 'Add' }).click();
    await dialog.getByRole('button', { name: 'Do it' }).click();
    await page.getByText('nonsense', { exact: false }).and(page.locator('#done.bad')).waitFor();
    const { pid } = server.vendors[0]!;
    await page.getByRole('button', { name: 'Kill' }).click();
    await dialog.getByRole('button', { name: 'Do it' }).press('Enter');
    await page.getByText('acmed was killed.').waitFor();
    expect(server.vendors[0]).toMatchObject({ pid, up: true });
  });

  test('asks for a token where one is needed, and keeps it to itself', async () => {
    await control.close();
    const tokens = parseTokens('viewer v viewer-0123456789\n', 'tokens');
    control = await startControlPlane(server, { host: '127.0.0.1', port: 0 }, { tokens });
    await page.goto(control.url);
    await page.getByText('a token is needed').waitFor();
    await page.getByLabel('Token of this server').fill('viewer-0123456789');
    await page.keyboard.press('Enter');
    await page.getByText('live', { exact: true }).waitFor();
    await feature('solve').getByRole('img', { name: '0 of 4 out', exact: false }).waitFor();
    await page.getByRole('button', { name: 'Reread files' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Do it' }).click();
    await page
      .getByText('expected the token of an operator, got that of a viewer', { exact: false })
      .waitFor();
    expect(page.url()).toBe(`${control.url}/`);
  });

  test('is used by keyboard alone, in the dark, and on a narrow screen', async () => {
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 360, height: 700 });
    await page.goto(control.url);
    await page.getByText('live', { exact: true }).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('To the features');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(ground).toBe('rgb(15, 20, 25)');
    const nameless = await page.evaluate(`[...document.querySelectorAll('button, input, select')]
      .filter((field) => field.labels.length === 0 && field.textContent.trim() === '')
      .map((field) => field.id)`);
    expect(nameless).toEqual([]);
  });

  test('is one of the streams that are bounded, and gives its place back', async () => {
    await page.goto(control.url);
    await page.getByText('live', { exact: true }).waitFor();
    await context.close();
    const opened: AbortController[] = [];
    const openMore = async (): Promise<number> => {
      for (;;) {
        const abort = new AbortController();
        const { signal } = abort;
        const { status } = await fetch(`${control.url}/journal/stream`, { signal });
        if (status !== 200) return opened.length;
        opened.push(abort);
      }
    };
    await expect.poll(openMore, { timeout: 30_000 }).toBe(limits.httpStreamsMax);
    for (const abort of opened) abort.abort();
  });
});
