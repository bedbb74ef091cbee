import type { Dialogue } from './context.ts';
import { type Greeted, greetingOf, openGreeted, sayHello } from './greeting.ts';
import { type Endpoint, endpointText, type ServerAddress } from './license-path.ts';
import { redirectedTo } from './redirects.ts';
import { isRefused, type Refused, reasonText, refused } from './refused.ts';

/**
 * A license manager that answered, and the way to its vendor daemons. In single-port mode the connection that
 * asks for a daemon becomes that daemon's; the next question to the manager then goes over a new one.
 */
export class ManagerLine {
  readonly endpoint: Endpoint;
  readonly #dialogue: Dialogue;
  #greeted: Greeted;
  #handedOver = false;

  private constructor(greeted: Greeted, dialogue: Dialogue) {
    this.endpoint = greeted.endpoint;
    this.#greeted = greeted;
    this.#dialogue = dialogue;
  }

  /** Connects to the manager at one port and says hello. */
  static async at(endpoint: Endpoint, dialogue: Dialogue): Promise<ManagerLine | Refused> {
    const greeted = await openGreeted(endpoint, '', dialogue);
    return isRefused(greeted) ? greeted : new ManagerLine(greeted, dialogue);
  }

  /**
   * The same at the first of a host's ports that answers; when none does, the first one's refusal stands for
   * all.
   */
  static async open(
    { host, ports }: ServerAddress,
    dialogue: Dialogue,
  ): Promise<ManagerLine | Refused> {
    let first: Refused | undefined;
    for (const port of ports) {
      const line = await ManagerLine.at({ host, port }, dialogue);
      if (!isRefused(line)) return line;
      first ??= line;
      // A name that does not resolve will not do so for the next port.
      if (line.refusal.major === -96) break;
    }
    return first ?? refused('client', { major: -15, minor: 570 });
  }

  /** What the manager's greeting said, when it was first asked. */
  get greeted(): Greeted {
    return this.#greeted;
  }

  /** A conversation with the manager itself, over a new connection if the last one is spent. */
  async manager(): Promise<Greeted | Refused> {
    if (!this.#handedOver && !this.#greeted.connection.ended) return this.#greeted;
    const greeted = await openGreeted(this.endpoint, '', this.#dialogue);
    if (isRefused(greeted)) return greeted;
    this.#greeted = greeted;
    this.#handedOver = false;
    return greeted;
  }

  /** Greets the vendor daemon, wherever it is; the caller closes that connection. */
  async daemon(vendor: string): Promise<Greeted | Refused> {
    const manager = await this.manager();
    if (isRefused(manager)) return manager;
    const { log } = this.#dialogue;
    const { connection } = manager;
    const where = endpointText(this.endpoint);
    const received = await sayHello(connection, vendor, this.#dialogue);
    if (received.kind === 'greeting') {
      this.#handedOver = true;
      log.step('redirect', `${where}: ${vendor} is on this connection`);
      return greetingOf(received, { connection, endpoint: this.endpoint, vendor });
    }
    const endpoint = redirectedTo(received, this.endpoint);
    if (isRefused(endpoint)) {
      log.step('redirect', `${where}: ${vendor}: ${reasonText(endpoint)}`);
      return endpoint;
    }
    log.step('redirect', `${where}: ${vendor} is at ${endpointText(endpoint)}`);
    const daemon = await openGreeted(endpoint, vendor, this.#dialogue);
    return isRefused(daemon) ? atDaemon(daemon) : daemon;
  }

  close(): void {
    if (!this.#handedOver) this.#greeted.connection.close();
  }
}

/** The minor for a vendor daemon that cannot be reached. Source: public outputs, (-15,578:10049). */
function atDaemon(no: Refused): Refused {
  const { refusal } = no;
  return refusal.minor === 570 ? { ...no, refusal: { ...refusal, minor: 578 } } : no;
}
