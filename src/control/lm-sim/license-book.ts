import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';

/** As the lmstat of Vantage's simulator names it. Source: its template of lmstat's output. */
export const simVendor = 'FakeLM';
const SIM_VERSION = '62.2';

/** What Vantage's simulator calls the kind of a license server. Source: its LicenseServerType. */
export const serverTypes = ['flexlm', 'rlm', 'lmx', 'lsdyna', 'olicense', 'dsls'] as const;

export interface BookLicense {
  readonly name: string;
  readonly total: number;
  readonly license_server_type: (typeof serverTypes)[number];
}

/**
 * Licenses that are made and unmade while the server serves: the text of a license file whose lines are they. A server
 * that has it among its license files reads it again whenever it is told to.
 */
export class LicenseBook {
  readonly name = 'lm-sim.lic';
  readonly #licenses = new Map<string, BookLicense>();

  get text(): string {
    const lines = [...this.#licenses.values()].map(
      ({ name, total }) =>
        `INCREMENT ${name} ${simVendor} ${SIM_VERSION} permanent ${total} SIGN=00`,
    );
    return [`VENDOR ${simVendor}`, ...lines, ''].join('\n');
  }

  get licenses(): readonly BookLicense[] {
    return [...this.#licenses.values()];
  }

  /** In any letter case, as FlexNet has it. */
  get(name: string): BookLicense | undefined {
    return this.#licenses.get(name.toLowerCase());
  }

  /** @throws KnownError CONTROL_BUSY when there are as many as may be */
  add(license: BookLicense): void {
    if (this.#licenses.size >= limits.lmSimLicensesMax) {
      const text = `expected at most ${limits.lmSimLicensesMax} licenses, got one more`;
      throw new KnownError('CONTROL_BUSY', text);
    }
    this.#licenses.set(license.name.toLowerCase(), license);
  }

  delete(name: string): void {
    this.#licenses.delete(name.toLowerCase());
  }
}
