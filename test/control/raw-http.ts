import { connect, type Socket } from 'node:net';

/** An HTTP answer as it came over a socket. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** A connection that sends whatever it is told, well-formed or not, and keeps all that comes back. */
export class RawConnection {
  readonly socket: Socket;
  /** Resolves with everything that came, when the other side has closed. */
  readonly closed: Promise<string>;
  received = '';

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.received += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    this.closed = new Promise((done) => socket.on('close', () => done(this.received)));
  }

  static open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const host = hostname.replace(/[[\]]/g, '');
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port: Number(port) });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new RawConnection(socket)));
    });
  }

  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Resolves when so much text matches, or the other side has closed. */
  async until(holds: (received: string) => boolean): Promise<string> {
    while (!holds(this.received) && !this.socket.destroyed) {
      await Promise.race([
        this.closed,
        new Promise((more) => this.socket.once('data', () => setImmediate(more))),
      ]);
    }
    return this.received;
  }
}

/** Sends one request, asking to close behind it, and gives the answer. */
export async function rawRequest(url: string, request: string): Promise<RawAnswer> {
  const connection = await RawConnection.open(url);
  connection.send(request);
  return parseAnswer(await connection.closed);
}

export function parseAnswer(text: string): RawAnswer {
  const [head = '', body = ''] = text.split('\r\n\r\n', 2);
  return { status: Number(head.split(' ')[1]), head, body };
}
