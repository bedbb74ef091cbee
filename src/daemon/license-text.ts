import { resolve } from 'node:path';
import type { LicenseFile, LicenseLine } from '../domain/license/model.ts';
import type { Catalog } from './catalog.ts';
import { fitting } from './public-status.ts';

/** The license files' full paths, as lmstat shows them; a text that came from no file keeps its name. */
export function licensePaths(catalog: Catalog): readonly string[] {
  return catalog.files.map(({ source }) => resolve(source.name));
}

/**
 * The license text that any client may ask for: all statements of all files, as written. Comments stay behind
 * (a lone apostrophe in one stops a public client that reads the text by shell rules), and `this_host` becomes
 * an address the client can reach. As many whole lines as fit one reply; `cut` is called when some did not.
 */
export function licenseText(catalog: Catalog, thisHost: string, cut: () => void): string {
  const { text, complete } = fitting(statements(catalog.files, thisHost), '\n');
  if (!complete) cut();
  return text;
}

function* statements(files: readonly LicenseFile[], thisHost: string): Generator<string> {
  for (const { source, lines } of files) {
    for (const line of lines) {
      if (line.kind === 'blank' || line.kind === 'comment') continue;
      const written = source.text.slice(line.start, line.end).replace(/\r?\n$/, '');
      yield isThisHost(line) ? written.replace(/this_host/i, thisHost) : written;
    }
  }
}

function isThisHost(line: LicenseLine): boolean {
  return line.kind === 'server' && line.host.toLowerCase() === 'this_host';
}
