import { sameName } from '../../base/names.ts';
import type { LicenseServer } from '../../daemon/server.ts';
import type { ControlDesk } from '../control-desk.ts';
import { removeHeld } from '../removal.ts';
import type { FeatureRow, UserRow } from '../status-schemas.ts';
import { type BookLicense, type LicenseBook, simVendor } from './license-book.ts';
import { simError } from './sim-input.ts';

/** Handles of one daemon are smaller: an id names daemon and handle. */
const HANDLES = 2 ** 32;

/** Who holds a license, as the simulator tells it. */
export interface InUse {
  readonly id: number;
  readonly quantity: number;
  readonly user_name: string;
  readonly lead_host: string;
  readonly license_name: string;
}

export interface SimLicense extends BookLicense {
  readonly in_use: number;
  readonly licenses_in_use: readonly InUse[];
}

/** FlexNet's codes for "all are in use" and "more than there are". */
const notEnough: readonly number[] = [-4, -9];

/** What Vantage's simulator has in a database, as it stands in the ledgers of a license server. */
export class SimDesk {
  readonly #desk: ControlDesk;
  readonly #book: LicenseBook;

  constructor(desk: ControlDesk, book: LicenseBook) {
    this.#desk = desk;
    this.#book = book;
  }

  get #server(): LicenseServer {
    return this.#desk.server;
  }

  /** Those that were made here; those of license files are found by their names. */
  async licenses(): Promise<readonly SimLicense[]> {
    const users = await this.#users();
    return this.#book.licenses.map((license) => withUse(license, users));
  }

  async license(name: string): Promise<SimLicense> {
    const made = this.#book.get(name);
    const users = await this.#users();
    if (made !== undefined) return withUse(made, users);
    const served = await this.#served(name);
    if (served === undefined) throw simError(404, 'License not found');
    const { feature, capacity } = served;
    const license = { name: feature, total: capacity, license_server_type: 'flexlm' } as const;
    return withUse(license, users);
  }

  async add(license: BookLicense): Promise<SimLicense> {
    const { name } = license;
    if (this.#book.get(name) ?? (await this.#served(name))) {
      throw simError(409, 'License already exists');
    }
    this.#book.add(license);
    try {
      await this.#server.reread();
    } catch (error) {
      this.#book.delete(name);
      throw error;
    }
    return withUse(license, []);
  }

  /** With what is out of it. */
  async delete(name: string): Promise<void> {
    if (this.#book.get(name) === undefined) {
      if ((await this.#served(name)) === undefined) throw simError(404, 'License not found');
      throw simError(409, 'License is of a license file, which only its owner changes');
    }
    for (const { id, feature } of this.#desk.held.states()) {
      if (sameName(feature, name)) await this.#desk.held.checkin(id);
    }
    this.#book.delete(name);
    await this.#server.reread();
  }

  async inUse(): Promise<readonly InUse[]> {
    return (await this.licenses()).flatMap(({ licenses_in_use: list }) => list);
  }

  async take(asked: Omit<InUse, 'id'>): Promise<InUse> {
    const { name } = await this.license(asked.license_name);
    const { quantity: count, user_name: user, lead_host: host } = asked;
    const answer = await this.#desk.held.checkout({ feature: name, count, user, host });
    if ('ok' in answer) {
      const { refusal, text } = answer;
      throw simError(400, notEnough.includes(refusal.major) ? 'Not enough licenses' : text);
    }
    return { ...asked, id: this.#idOf(answer.vendor ?? simVendor, answer.handle) };
  }

  /** @throws KnownError with status 404 for an id that none has; ADMIN_REFUSED when somebody else's is too young */
  async giveBack(id: number): Promise<void> {
    const vendor = this.#vendors[Math.floor(id / HANDLES)];
    const handle = id % HANDLES;
    const { users } = await this.#desk.status();
    const row = users.find((each) => each.vendor === vendor && each.handle === handle);
    if (row === undefined) throw simError(404, 'License In Use not found');
    const own = this.#desk.held
      .states()
      .find((state) => state.vendor === vendor && state.handle === handle);
    if (own !== undefined) await this.#desk.held.checkin(own.id);
    else await removeHeld(this.#server, { feature: row.feature, handle });
  }

  /** The vendor daemons, ours first. */
  get #vendors(): readonly string[] {
    const names = this.#server.vendors.map(({ name }) => name);
    return [simVendor, ...names.filter((name) => name !== simVendor)];
  }

  #idOf(vendor: string, handle: number): number {
    return this.#vendors.indexOf(vendor) * HANDLES + handle;
  }

  async #users(): Promise<readonly (InUse & { readonly shared: boolean })[]> {
    const { users } = await this.#desk.status();
    return users.map((row: UserRow) => ({
      id: this.#idOf(row.vendor, row.handle),
      quantity: row.count,
      user_name: row.user,
      lead_host: row.host,
      license_name: row.feature,
      shared: row.shared,
    }));
  }

  /** A counted feature of a license file. */
  async #served(name: string): Promise<FeatureRow | undefined> {
    const { features } = await this.#desk.status();
    return features.find(({ feature, counted }) => counted && sameName(feature, name));
  }
}

function withUse(
  license: BookLicense,
  users: readonly (InUse & { readonly shared: boolean })[],
): SimLicense {
  // Who shares seats of another has none of his own: they would count twice.
  const mine = users.filter(({ license_name: n, shared }) => !shared && sameName(n, license.name));
  return {
    ...license,
    in_use: mine.reduce((sum, { quantity }) => sum + quantity, 0),
    licenses_in_use: mine.map(({ shared: _shared, ...row }) => row),
  };
}
