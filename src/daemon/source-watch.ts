import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { licenseFilesOf } from '../files/license-sources.ts';
import type { LicenseInput } from './catalog.ts';

/** What a daemon's license and options files are, without reading them. */
export interface WatchedSources {
  readonly licenses: readonly LicenseInput[];
  readonly options: Readonly<Record<string, LicenseInput>>;
  readonly vendor: string;
}

/**
 * Says whether license or options files have changed since it last looked: names, sizes and times. Texts never do.
 */
export class SourceWatch {
  readonly #sources: WatchedSources;
  #seen: string;

  constructor(sources: WatchedSources) {
    this.#sources = sources;
    this.#seen = this.#look();
  }

  hasChanged(): boolean {
    const before = this.#seen;
    this.#seen = this.#look();
    return this.#seen !== before;
  }

  #look(): string {
    const { licenses, options, vendor } = this.#sources;
    const paths = licenses.filter((input) => typeof input === 'string');
    const files = filesOf(paths);
    const given = Object.values(options).filter((input) => typeof input === 'string');
    const beside = files.map((file) => join(dirname(file), `${vendor}.opt`));
    return [...files, ...given, ...new Set(beside)].map(stampOf).join('\n');
  }
}

/** A folder that is gone is a change like any other: reading tells what is wrong. */
function filesOf(paths: readonly string[]): readonly string[] {
  try {
    return licenseFilesOf(paths);
  } catch {
    return paths;
  }
}

function stampOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${path} ${mtimeMs} ${size} ${ino}`;
  } catch {
    return `${path} -`;
  }
}
