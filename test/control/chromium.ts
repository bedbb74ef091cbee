import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where Debian, Fedora and Google put theirs. */
const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A Chromium of this machine, or that of CHROMIUM; undefined where there is none. */
export const chromiumPath = [process.env['CHROMIUM'] ?? '', ...usual].find((path) =>
  existsSync(path),
);

/** Starts it without a window. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath!,
    // A container's root may not make namespaces; the pages are our own.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

/** What a page says is wrong with it, in a list that goes on growing. */
export function complaintsOf(page: Page): string[] {
  const wrong: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(message.text());
  });
  page.on('pageerror', (error) => wrong.push(error.message));
  return wrong;
}
