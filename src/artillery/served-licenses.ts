import { KnownError } from '../base/errors.ts';
import type { Refusal } from '../base/refusal.ts';
import type { ClientContext } from '../client/context.ts';
import type { ServerAddress } from '../client/license-path.ts';
import type { Refused } from '../client/refused.ts';
import type { SeatRequest } from '../domain/workload/model.ts';
import { askStatus, type LiveServer, openClient } from '../load/live-target.ts';
import { findServer, parseServer } from '../load/server-finding.ts';
import type { LoadClient } from '../load/target.ts';

/** Features whose daemons are remembered: names may come from a script's data files. */
const FEATURES_MAX = 10_000;

/** One license server, and which of its vendor daemons has what: asked once for all virtual users of a worker. */
export class ServedLicenses {
  readonly #text: string;
  readonly #addresses: readonly ServerAddress[];
  readonly #context: ClientContext;
  readonly #vendors = new Map<string, Promise<string>>();
  /** What a daemon's clients may ask for; they look at it as it grows. */
  readonly #features = new Map<string, Map<string, string>>();

  /** @throws KnownError USAGE unless `server` is one such as `27000@localhost` */
  constructor(server: string, context: ClientContext) {
    this.#text = server;
    this.#addresses = parseServer(server, 'config.target');
    this.#context = context;
  }

  /** The vendor daemon that has a feature, or why there is none; after a no the next one who asks tries anew. */
  vendorOf(request: SeatRequest): Promise<string | Refusal> {
    const known = this.#vendors.get(request.feature);
    if (known !== undefined) return known.catch(refusalIn);
    if (this.#vendors.size >= FEATURES_MAX) this.#forget();
    const found = this.#find(request);
    this.#vendors.set(request.feature, found);
    return found.catch((error) => {
      this.#vendors.delete(request.feature);
      return refusalIn(error);
    });
  }

  /** A connection to a vendor daemon that `vendorOf` has told, in the name of a user. */
  connect(vendor: string, identity: ClientContext['identity']): Promise<LoadClient | Refused> {
    const vendorOf = this.#features.get(vendor) ?? new Map();
    return openClient({ addresses: this.#addresses, vendorOf }, { ...this.#context, identity });
  }

  /** Asks for the status as lmstat does; whether all of it was told. */
  status(feature: string | undefined): Promise<boolean> {
    const server: LiveServer = { addresses: this.#addresses, vendorOf: new Map() };
    return askStatus(server, this.#context, feature);
  }

  async #find(request: SeatRequest): Promise<string> {
    const { feature } = request;
    const { vendorOf } = await findServer(this.#text, [request], this.#context);
    const vendor = vendorOf.get(feature)!;
    const features = this.#features.get(vendor) ?? new Map<string, string>();
    this.#features.set(vendor, features.set(feature, vendor));
    return vendor;
  }

  #forget(): void {
    this.#vendors.clear();
    this.#features.clear();
  }
}

/** What a manager that did not answer comes to as an answer. @throws everything else */
function refusalIn(error: unknown): Refusal {
  const refusal = error instanceof KnownError ? error.details['refusal'] : undefined;
  if (refusal === undefined) throw error;
  return refusal as Refusal;
}
