import { createHash } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochMs } from '../base/clock.ts';
import { KnownError } from '../base/errors.ts';
import { sameName } from '../base/names.ts';
import { compareVersions } from '../domain/license/versions.ts';
import { makeFolders } from '../files/folders.ts';
import { readSource } from '../files/license-sources.ts';
import { removeWhole, writeWhole } from '../files/whole-file.ts';
import { unwritableFile, unwritableFolder } from '../files/write-errors.ts';

/** A license that this user has borrowed on this machine: what lets it run without its server. */
export interface BorrowedLicense {
  readonly vendor: string;
  /** As the license file spells it, or as it was asked for. */
  readonly feature: string;
  /** The version of the pool that lent it: it serves every version up to this. */
  readonly version: string;
  readonly count: number;
  readonly user: string;
  readonly host: string;
  /** `27000@host`, whom to give it back to. */
  readonly server: string;
  readonly handle: number;
  /** By this machine's clock, which need not agree with the server's. */
  readonly borrowedAt: EpochMs;
  readonly until: EpochMs;
  /** The same by the server's. */
  readonly serverUntil: EpochMs;
}

/** What a checkout asks of them. */
export interface BorrowedWanted {
  readonly feature: string;
  readonly version: string;
  readonly count: number;
  readonly vendor?: string;
  readonly user: string;
  readonly host: string;
}

/** Where FlexNet has `.flexlmborrow`. Ours is a folder: borrows at the same time do not write over each other. */
const FOLDER = '.fauxlmborrow';
/** In it, what `lmborrow` has set for the checkouts to come. */
const WISH_FILE = 'LM_BORROW';

/** The licenses borrowed by users of one home directory, a file each. Layout: docs/borrowing.md. */
export class BorrowedLicenses {
  readonly folder: string;

  constructor(home: string) {
    this.folder = join(home, FOLDER);
  }

  /** All of them, those that are over included; what cannot be read is none. */
  list(): readonly BorrowedLicense[] {
    let names: readonly string[];
    try {
      names = readdirSync(this.folder).filter((name) => name.endsWith('.json'));
    } catch {
      return [];
    }
    return [...names].sort().flatMap((name) => licenseIn(textOf(join(this.folder, name))) ?? []);
  }

  /** Those that serve a checkout at this moment. */
  find(wanted: BorrowedWanted, now: EpochMs): readonly BorrowedLicense[] {
    return this.list().filter(
      (license) =>
        license.until > now &&
        license.user === wanted.user &&
        license.host === wanted.host &&
        sameName(license.feature, wanted.feature) &&
        (wanted.vendor === undefined || sameName(license.vendor, wanted.vendor)) &&
        license.count >= wanted.count &&
        compareVersions(wanted.version, license.version) <= 0,
    );
  }

  /** Makes sure that one can be written down. @throws KnownError FILE_UNREADABLE when it cannot be. */
  prepare(): void {
    const path = join(this.folder, `probe.${process.pid}`);
    this.#makeFolder();
    writeWhole(path, '');
    removeWhole(path);
  }

  /** Writes one down, whole. @throws KnownError FILE_UNREADABLE when it cannot be. */
  add(license: BorrowedLicense): void {
    this.#makeFolder();
    writeWhole(this.#fileOf(license), `${JSON.stringify(license, undefined, 2)}\n`);
  }

  /** Forgets one. @throws KnownError FILE_UNREADABLE when it cannot (FlexNet's -122). */
  remove(license: BorrowedLicense): void {
    const path = this.#fileOf(license);
    try {
      rmSync(path, { force: true });
    } catch (cause) {
      throw unwritableFile(path, cause);
    }
  }

  /** What `lmborrow` has set for the checkouts to come, as LM_BORROW would. */
  get wish(): string | undefined {
    return textOf(join(this.folder, WISH_FILE))?.trim();
  }

  /** @throws KnownError FILE_UNREADABLE when it cannot be written. */
  setWish(text: string | undefined): void {
    const path = join(this.folder, WISH_FILE);
    if (text !== undefined) {
      this.#makeFolder();
      return writeWhole(path, `${text}\n`);
    }
    try {
      rmSync(path, { force: true });
    } catch (cause) {
      throw unwritableFile(path, cause);
    }
  }

  #makeFolder(): void {
    try {
      makeFolders(this.folder, 0o700);
    } catch (cause) {
      throw unwritableFolder(this.folder, cause);
    }
  }

  /** One a feature, user and host: borrowing again replaces it. */
  #fileOf({ vendor, feature, user, host }: BorrowedLicense): string {
    const key = [vendor.toLowerCase(), feature.toLowerCase(), user, host];
    const name = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32);
    return join(this.folder, `${name}.json`);
  }
}

function textOf(path: string): string | undefined {
  try {
    return readSource(path).text;
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}

const fields = {
  ...{ vendor: 'string', feature: 'string', version: 'string', user: 'string' },
  ...{ host: 'string', server: 'string' },
  ...{ count: 'number', handle: 'number', borrowedAt: 'number', until: 'number' },
  serverUntil: 'number',
} as const;

/** Undefined for a text that holds no borrowed license. */
function licenseIn(text: string | undefined): BorrowedLicense | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Record<string, unknown>;
  const whole = Object.entries(fields).every(([name, type]) => typeof record[name] === type);
  return whole ? (value as BorrowedLicense) : undefined;
}
