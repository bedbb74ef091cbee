import type { SendHandle } from 'node:child_process';
import { type ChildProcess, spawn } from 'node:child_process';
import type { Server } from 'node:net';

/** Only a process gets a second descriptor of a socket: this one sends back what it is sent, so many times. */
const ECHO =
  "process.on('message', (count, handle) => { while (count-- > 0) process.send(count, handle); });";
/** How long it may take. */
const ECHO_MS = 10_000;

/** A listening socket's descriptor, as `net.Server.listen` takes it. */
export interface SocketHandle {
  close(): void;
}

/**
 * Further descriptors of a listening socket, made on the way. Each that listens is a connection more in each turn of
 * the event loop, out of one queue.
 */
export class ListenerCopies {
  readonly #child: ChildProcess;
  readonly #made: SocketHandle[] = [];
  readonly #ended: Promise<void>;
  /** The descriptors, all that were wanted; none when they could not be had, or were given up. */
  readonly copies: Promise<readonly SocketHandle[]>;

  constructor(server: Server, wanted: number) {
    this.#child = spawn(process.execPath, ['-e', ECHO], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // What a user has every Node load is nothing to this one.
      env: { ...process.env, NODE_OPTIONS: '' },
      timeout: ECHO_MS,
      killSignal: 'SIGKILL',
    });
    this.#child.unref();
    this.#child.channel?.unref();
    this.#child.on('message', (_, handle) => this.#got(handle, wanted));
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
      // No process could be had: then clients wait as before.
      this.#child.on('error', () => resolve());
    });
    this.copies = this.#ended.then(() => this.#whole(wanted));
    const { _handle: handle } = server as unknown as { readonly _handle: SendHandle };
    // Sent as a server it would listen over there, too, and take connections that nobody answers.
    if (this.#child.connected) this.#child.send(wanted, handle, () => {});
  }

  /** Nobody wants them any more; resolves when no copy is open anywhere. */
  async giveUp(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
    for (const handle of this.#made.splice(0)) handle.close();
  }

  #got(handle: SendHandle, wanted: number): void {
    this.#made.push(handle as unknown as SocketHandle);
    if (this.#made.length === wanted) this.#child.kill('SIGKILL');
  }

  #whole(wanted: number): readonly SocketHandle[] {
    const made = this.#made.splice(0);
    if (made.length === wanted) return made;
    for (const handle of made) handle.close();
    return [];
  }
}
