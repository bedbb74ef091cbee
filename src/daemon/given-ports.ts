/** How many are remembered: few beside the ports a system gives. */
const REMEMBERED_MAX = 2_000;

/**
 * Ports that listeners of this process had. One that was given up, or is shut for a while, is still known to clients
 * and to its owner, and the system may give it to the next who wants any port: then a client of one server talks to
 * another. So who wants any port takes none of these.
 */
export class GivenPorts {
  /** The latest last. */
  readonly #ports = new Set<number>();

  has(port: number): boolean {
    return this.#ports.has(port);
  }

  add(port: number): void {
    this.#ports.delete(port);
    this.#ports.add(port);
    if (this.#ports.size <= REMEMBERED_MAX) return;
    const [oldest] = this.#ports;
    this.#ports.delete(oldest!);
  }
}

export const givenPorts = new GivenPorts();
