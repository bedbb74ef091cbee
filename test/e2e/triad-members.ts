import { type ChildProcess, spawn } from 'node:child_process';
import type { Told } from '../../src/cli/serving.ts';
import type { TriadView } from '../../src/daemon/triad/triad-view.ts';
import { environment, type Folder, programs } from './processes.ts';

export const names = ['one', 'two', 'three'] as const;

/** A triad's license file; `head` is what its first SERVER line ends with. */
export function triadLicense(head: string, lines: readonly string[], order = [0, 1, 2]): string {
  const servers = order.map((place) => `SERVER ${names[place]} ANY ${27_701 + place}`);
  return [`${servers[0]} ${head}`, ...servers.slice(1), 'VENDOR acmed', ...lines, ''].join('\n');
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  view: TriadView | undefined;
}

/** Addresses of loopback are many: no other process of tests has these. */
const network = `127.${100 + ((process.pid >> 16) & 63)}.${(process.pid >> 8) & 255}`;

/** Where the members are, when that is not on loopback. */
export interface Elsewhere {
  readonly hosts: readonly string[];
  /** A program and its words, which starts what stands behind them there. */
  readonly through: (place: number) => readonly string[];
}

/** Three `fauxlm serve --triad-member`, each a process of its own at the ports of its SERVER line. */
export class Members {
  readonly #hosts: readonly string[];
  readonly #through: Elsewhere['through'];
  readonly #orders: readonly (readonly number[])[];
  readonly #words: (place: number) => readonly string[];
  readonly #running: (Running | undefined)[] = [undefined, undefined, undefined];
  readonly #waiting = new Set<() => void>();

  /** `words` are the license file and flags of a member, `orders` those of the SERVER lines in their files. */
  constructor(
    words: (place: number) => readonly string[],
    orders: readonly (readonly number[])[] = [],
    elsewhere?: Elsewhere,
  ) {
    this.#words = words;
    this.#orders = orders;
    const loopback = [1, 2, 3].map((last) => `${network}.${((process.pid & 63) << 2) + last}`);
    this.#hosts = elsewhere?.hosts ?? loopback;
    this.#through = elsewhere?.through ?? (() => []);
  }

  static logOf(folder: Folder, place: number): string {
    return folder.at(`debug.log.${place + 1}`);
  }

  get address(): string {
    return this.#hosts.map((host, place) => `${27_701 + place}@${host}`).join(',');
  }

  /** The address of one. */
  at(place: number): string {
    return `${27_701 + place}@${this.#hosts[place]}`;
  }

  /** Starts a member; resolves when it listens. */
  async start(place: number): Promise<void> {
    const order = this.#orders[place] ?? [0, 1, 2];
    const own = order.map((each) => this.#hosts[each]).join(',');
    const words = [
      ...['serve', ...this.#words(place), '--stop-with-parent', '--log-level', 'silent'],
      ...['--triad-member', names[place]!, '--triad-hosts', own, '--host', this.#hosts[place]!],
    ];
    const line = [...this.#through(place), process.execPath, programs.fauxlm, ...words];
    const child = spawn(line[0]!, line.slice(1), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: environment(),
    });
    const over = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const running: Running = { child, ended: over, view: undefined };
    this.#running[place] = running;
    void over.then(() => {
      if (this.#running[place] === running) this.#running[place] = undefined;
    });
    await new Promise<void>((resolve, reject) => {
      child.on('message', (told: Told) => {
        if (told.kind === 'ready') resolve();
        else running.view = told.view;
        for (const look of [...this.#waiting]) look();
      });
      void over.then(() => reject(new Error(`member ${names[place]} ended`)));
    });
  }

  async startAll(): Promise<void> {
    for (const place of [0, 1, 2]) await this.start(place);
    await this.connected();
  }

  view(place: number): TriadView | undefined {
    return this.#running[place]?.view;
  }

  /** The place of the member whose vendor daemons serve. */
  get master(): number | undefined {
    const found = this.#running.findIndex((member) => member?.view?.serving);
    return found < 0 ? undefined : found;
  }

  /** Resolves when `holds`, looked at with all news of the members. */
  async until(holds: () => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  /** Resolves when all three see each other and one serves. */
  connected(): Promise<void> {
    return this.until(
      () => this.master !== undefined && [0, 1, 2].every((at) => this.view(at)?.up.length === 3),
    );
  }

  async end(place: number, signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP'): Promise<void> {
    const running = this.#running[place];
    if (running === undefined) return;
    if (signal === 'SIGKILL') this.#running[place] = undefined;
    running.child.kill(signal);
    if (signal !== 'SIGSTOP') await running.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const place of [0, 1, 2]) await this.end(place, 'SIGKILL');
  }
}
