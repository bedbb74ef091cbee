import type { ClientContext } from './context.ts';
import type { Endpoint } from './license-path.ts';
import { ManagerLine } from './manager-line.ts';
import { isRefused, mostRelevant, type Refused, refused } from './refused.ts';
import { LicenseSession } from './session.ts';

/** The license server of a client: one manager, or the members of a triad in their order, of which one serves. */
export class ClientServer {
  /** The manager that has answered last. */
  #answering: Endpoint;
  readonly #endpoints: readonly Endpoint[];
  readonly #context: ClientContext;

  constructor(answering: Endpoint, endpoints: readonly Endpoint[], context: ClientContext) {
    this.#answering = answering;
    this.#endpoints = endpoints;
    this.#context = context;
  }

  get answering(): Endpoint {
    return this.#answering;
  }

  /** Another member serves when one does not any more. */
  get isTriad(): boolean {
    return this.#endpoints.length > 1;
  }

  /** Asks the managers in their order until one answers. */
  manager(): Promise<ManagerLine | Refused> {
    return this.#first((line) => Promise.resolve(line));
  }

  /** The same until one leads to the vendor's daemon. */
  session(vendor: string): Promise<LicenseSession | Refused> {
    return this.#first(async (line) => {
      const opened = await LicenseSession.open(vendor, line, this.#context);
      line.close();
      return opened;
    });
  }

  async #first<T extends object>(
    question: (line: ManagerLine) => Promise<T | Refused>,
  ): Promise<T | Refused> {
    const refusals: Refused[] = [];
    for (const endpoint of this.#endpoints) {
      const line = await ManagerLine.at(endpoint, this.#context);
      const answer = isRefused(line) ? line : await question(line);
      if (!isRefused(answer)) {
        this.#answering = endpoint;
        return answer;
      }
      refusals.push(answer);
    }
    const [first = refused('client', { major: -15, minor: 570 }), ...others] = refusals;
    return mostRelevant([first, ...others]);
  }
}
