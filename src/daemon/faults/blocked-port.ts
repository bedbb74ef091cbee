import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { KnownError } from '../../base/errors.ts';

/** Connections that the system takes for a program that takes none; one more than these is kept, too. */
const BACKLOG = 1;
const FILLERS = BACKLOG + 1;
/** How long the port may take to be full. */
const FILL_MS = 2_000;

/**
 * Listens and never takes a connection: the thread stands still. Its event loop would take them otherwise, and Node
 * has no way to ask it not to.
 */
const listensAndSleeps = `
const { parentPort, workerData } = require('node:worker_threads');
const { createServer } = require('node:net');
let { hosts, port, backlog } = workerData;
const listen = () => {
  const host = hosts.shift();
  if (host === undefined) {
    parentPort.postMessage({ port });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }
  const server = createServer();
  server.on('error', (error) => parentPort.postMessage({ error: error.message }));
  server.listen({ host, port, backlog, ipv6Only: host === '::1' }, () => {
    port = server.address().port;
    listen();
  });
};
listen();
`;

/**
 * A port as behind a firewall that drops what comes: nobody answers, and nobody says that nobody does. Linux drops
 * the first packet of a connection when a listener has as many waiting as it may.
 * Source: listen(2), tcp_conn_request in the kernel. Other systems may refuse instead.
 */
export class BlockedPort {
  readonly port: number;
  readonly #worker: Worker;
  readonly #fillers: readonly Socket[];

  private constructor(port: number, worker: Worker, fillers: readonly Socket[]) {
    this.port = port;
    this.#worker = worker;
    this.#fillers = fillers;
  }

  /** On `port` of each host; 0 takes a free one. @throws KnownError NET_PORT_IN_USE */
  static async open(hosts: readonly string[], port: number): Promise<BlockedPort> {
    const workerData = { hosts: [...hosts], port, backlog: BACKLOG };
    const worker = new Worker(listensAndSleeps, { eval: true, workerData });
    worker.unref();
    const told = await new Promise<{ port?: number; error?: string }>((resolve) => {
      worker.once('message', resolve);
      worker.once('error', ({ message }) => resolve({ error: message }));
    });
    if (told.port === undefined) {
      await worker.terminate();
      const text = `port ${port}: expected to block it, got: ${told.error}`;
      throw new KnownError('NET_PORT_IN_USE', text);
    }
    const fillers = await Promise.all(hosts.map((host) => fill(host, told.port!)));
    return new BlockedPort(told.port, worker, fillers.flat());
  }

  async close(): Promise<void> {
    for (const socket of this.#fillers) socket.destroy();
    await this.#worker.terminate();
  }
}

/** Takes every place there is. */
async function fill(host: string, port: number): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: FILLERS }, () => connect({ host, port }));
  const full = sockets.map(
    (socket) =>
      new Promise<void>((resolve) => {
        const late = setTimeout(resolve, FILL_MS);
        socket.on('error', () => {});
        socket.once('close', resolve);
        socket.once('connect', resolve);
        socket.once('connect', () => clearTimeout(late));
        socket.unref();
      }),
  );
  await Promise.all(full);
  return sockets;
}
