import { splitClient, undoubtedHost } from './clients.ts';
import type { HolderText, SeatText } from './entry-text.ts';
import type {
  ParsedClient,
  ParsedFeature,
  ParsedHost,
  ParsedLicenseRow,
  ParsedLmstat,
  ParsedPool,
  ParsedReservation,
  ParsedServer,
  ParsedTool,
  ParsedUser,
  ParsedVendor,
} from './parsed.ts';
import { type ReportTime, startWithYear } from './times.ts';

/** A part of the result while it is being filled: its lists can grow, what is missing can come. */
type Draft<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

export type PoolDraft = Draft<ParsedPool>;
export type FeatureDraft = ParsedFeature & { readonly pools: PoolDraft[] };
export type VendorDraft = Omit<Draft<ParsedVendor>, 'features'> & { features: FeatureDraft[] };
export type ServerDraft = Omit<Draft<ParsedServer>, 'vendors'> & { vendors: VendorDraft[] };

/** What a line of the form `name: text` or of any words is about, by what stands above it. */
export type Part = 'head' | 'hosts' | 'vendors' | 'features' | 'note' | 'table';

/** The result as it grows, and where in it the next line belongs. */
export class Outline {
  readonly servers: ServerDraft[] = [];
  part: Part = 'head';
  program: string | undefined;
  /** Of the report that is being read; a text may hold several. */
  time: ReportTime | undefined;
  /** Of the first report. */
  at: string | undefined;
  windows = false;
  tool: ParsedTool | undefined;
  table: ParsedLicenseRow[] | undefined;
  /** The table's last column. */
  tableEndsWith: 'vendor' | 'expires' = 'vendor';
  /** Whether the line before, blanks apart, began a pool, so that its vendor string and lock may follow. */
  poolIsOpen = false;
  #server: ServerDraft | undefined;
  #vendor: VendorDraft | undefined;
  #feature: FeatureDraft | undefined;
  #pool: PoolDraft | undefined;
  /** Names that can be cut only when every host is known. */
  readonly #unsettled: Draft<ParsedClient>[] = [];
  readonly #knownHosts = new Set<string>();
  #lastStartText = '';
  #lastTime: ReportTime | undefined;
  #lastStart: string | undefined;

  get pool(): PoolDraft | undefined {
    return this.#pool;
  }

  /** What follows is of another server, which a line may name or not. */
  leaveServer(): void {
    this.#server = undefined;
    this.#leaveVendor();
  }

  enterServer(line: number, spec: string, addresses: ParsedServer['addresses']): void {
    this.#server = { line, spec, addresses: [...addresses], hosts: [], vendors: [] };
    this.servers.push(this.#server);
    this.#leaveVendor();
  }

  /** The server that a line is about: where none was named, one without a name. */
  serverAt(line: number): ServerDraft {
    if (!this.#server) this.enterServer(line, '', []);
    return this.#server!;
  }

  /** The same for a failure, of which a server has one. */
  serverFailingAt(line: number): ServerDraft {
    if (this.#server?.failure) this.leaveServer();
    return this.serverAt(line);
  }

  addHost(host: ParsedHost): void {
    this.serverAt(host.line).hosts.push(host);
    this.part = 'hosts';
  }

  enterVendor(vendor: Omit<ParsedVendor, 'features'>): void {
    const server = this.serverAt(vendor.line);
    this.#leaveVendor();
    this.#vendor = { ...vendor, features: [] };
    server.vendors.push(this.#vendor);
    this.part = 'vendors';
  }

  enterFeature(feature: ParsedFeature): void {
    if (!this.#vendor) this.enterVendor({ line: feature.line, name: '', state: 'unknown' });
    this.#feature = { ...feature, pools: [] };
    this.#pool = undefined;
    this.#vendor!.features.push(this.#feature);
    this.part = 'features';
  }

  /** False where no feature is. */
  enterPool(pool: Omit<ParsedPool, 'users' | 'queued' | 'reservations'>): boolean {
    if (!this.#feature) return false;
    this.#pool = { ...pool, users: [], queued: [], reservations: [] };
    this.#feature.pools.push(this.#pool);
    this.poolIsOpen = true;
    return true;
  }

  /** The pool that an entry is of; undefined where no feature is. */
  #poolAt(line: number): PoolDraft | undefined {
    if (!this.#pool) this.enterPool({ line, name: '', version: '', vendor: '' });
    this.poolIsOpen = false;
    return this.#pool;
  }

  addUser(line: number, holder: HolderText): boolean {
    const pool = this.#poolAt(line);
    if (!pool) return false;
    const { seat, startText, count, linger, pid, project } = holder;
    const user: Draft<ParsedUser> = { ...this.#client(line, seat, count), startText };
    const start = this.#yearOf(holder);
    if (start !== undefined) user.start = start;
    if (linger !== undefined) user.linger = linger;
    if (pid !== undefined) user.pid = pid;
    if (project !== undefined) user.project = project;
    this.#noteClient(user);
    pool.users.push(user);
    return true;
  }

  addQueued(line: number, seat: SeatText, count: number): boolean {
    const pool = this.#poolAt(line);
    if (!pool) return false;
    const queued = this.#client(line, seat, count);
    this.#noteClient(queued);
    pool.queued.push(queued);
    return true;
  }

  /** Who it is, the names cut as they can be without knowing the lines to come. */
  #client(line: number, seat: SeatText, count: number): Draft<ParsedClient> {
    const { client, version, server, handle } = seat;
    const names = splitClient(client, version, noHosts);
    return { line, ...names, client, version, server, handle, count };
  }

  #noteClient(draft: Draft<ParsedClient>): void {
    const host = undoubtedHost(draft.client);
    if (host !== undefined) this.#knownHosts.add(host);
    else if (draft.client.includes(' ')) this.#unsettled.push(draft);
  }

  /** Neighboring lines often have the same start. */
  #yearOf({ startText, start }: HolderText): string | undefined {
    if (startText !== this.#lastStartText || this.time !== this.#lastTime) {
      this.#lastStartText = startText;
      this.#lastTime = this.time;
      this.#lastStart = this.time && startWithYear(start, this.time);
    }
    return this.#lastStart;
  }

  addReservation(reservation: ParsedReservation): boolean {
    const pool = this.#poolAt(reservation.line);
    pool?.reservations.push(reservation);
    return pool !== undefined;
  }

  /** The result, every name cut as well as can be. */
  finish(unexplained: Pick<ParsedLmstat, 'unexplained' | 'unexplainedCount'>): ParsedLmstat {
    for (const draft of this.#unsettled) {
      delete draft.checkoutData;
      Object.assign(draft, splitClient(draft.client, draft.version, this.#knownHosts));
    }
    return {
      ...(this.program === undefined ? {} : { program: this.program }),
      ...(this.at === undefined ? {} : { at: this.at }),
      windows: this.windows,
      ...(this.tool === undefined ? {} : { tool: this.tool }),
      servers: this.servers,
      ...(this.table === undefined ? {} : { table: this.table }),
      ...unexplained,
    };
  }

  #leaveVendor(): void {
    this.#vendor = undefined;
    this.#feature = undefined;
    this.#pool = undefined;
    this.poolIsOpen = false;
  }
}

const noHosts: ReadonlySet<string> = new Set();
