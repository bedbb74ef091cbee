import { spawnSync } from 'node:child_process';

/** Members of a triad. */
const PLACES = [0, 1, 2] as const;
/** Of a network that nobody outside of it sees. */
const SUBNET = '10.77.0';

function ip(...words: readonly string[]): void {
  const { status, stderr, error } = spawnSync('ip', words, { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(`ip ${words.join(' ')}: ${stderr.trim()}`);
}

/** Why there can be no network of our own here; undefined when there can. */
export function noNetwork(): string | undefined {
  try {
    using _ = new TriadNetwork();
    return undefined;
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  }
}

/**
 * Three hosts and a switch between them, each a network namespace: what a link that is cut had to carry is lost, and
 * nobody is told, as when a cable is pulled. Clients are at the switch.
 */
export class TriadNetwork {
  readonly #name = `fauxlm${process.pid}`;
  readonly hosts = PLACES.map((place) => `${SUBNET}.${place + 1}`);
  readonly #made: string[] = [];

  constructor() {
    try {
      this.#build();
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  #build(): void {
    const hub = this.#add('hub');
    ip('-n', hub, 'link', 'add', 'switch', 'type', 'bridge');
    ip('-n', hub, 'addr', 'add', `${SUBNET}.254/24`, 'dev', 'switch');
    ip('-n', hub, 'link', 'set', 'switch', 'up');
    for (const place of PLACES) {
      const host = this.#add(`${place}`);
      const link = `link${place}`;
      ip('-n', hub, 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', host);
      ip('-n', hub, 'link', 'set', link, 'master', 'switch', 'up');
      ip('-n', host, 'addr', 'add', `${this.hosts[place]}/24`, 'dev', 'eth0');
      for (const device of ['eth0', 'lo']) ip('-n', host, 'link', 'set', device, 'up');
    }
  }

  #add(what: string): string {
    const name = `${this.#name}-${what}`;
    ip('netns', 'add', name);
    this.#made.push(name);
    return name;
  }

  /** What starts a program at a member's host, or at the switch. */
  readonly through = (place: number | 'hub'): readonly string[] => {
    return ['ip', 'netns', 'exec', `${this.#name}-${place}`];
  };

  /** Cuts the link of a member's host, or joins it again. */
  cut(place: number, isCut: boolean): void {
    ip('-n', `${this.#name}-hub`, 'link', 'set', `link${place}`, isCut ? 'down' : 'up');
  }

  [Symbol.dispose](): void {
    for (const name of this.#made.splice(0)) spawnSync('ip', ['netns', 'delete', name]);
  }
}
