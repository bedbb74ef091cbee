import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';

/** Something that was delivered: where to, and what it says. */
export interface Delivered {
  readonly to: string;
  readonly text: string;
}

/** A webhook, a chat and a mail server on loopback, which keep what they get. */
export class Receivers implements AsyncDisposable {
  readonly delivered: Delivered[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #http = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      this.delivered.push({ to: request.url!, text: body });
      response.end('ok');
    });
  });
  readonly #mail = createTcpServer((socket) => this.#takeMail(socket));

  static async start(): Promise<Receivers> {
    const receivers = new Receivers();
    for (const server of [receivers.#http, receivers.#mail]) {
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    }
    return receivers;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get smarthost(): string {
    return `127.0.0.1:${(this.#mail.address() as AddressInfo).port}`;
  }

  /** As much of RFC 5321 as a client needs that delivers one mail after another. */
  #takeMail(socket: Socket): void {
    this.#sockets.add(socket);
    let rest = '';
    let to: string | undefined;
    let mail: string | undefined;
    socket.setEncoding('utf8').on('error', () => {});
    socket.write('220 mail.example ESMTP\r\n');
    socket.on('data', (part: Buffer | string) => {
      const lines = (rest + part).split('\r\n');
      rest = lines.pop()!;
      for (const line of lines) {
        if (mail !== undefined && line !== '.') mail += `${line}\n`;
        else if (mail !== undefined) {
          this.delivered.push({ to: `mail ${to}`, text: mail });
          mail = undefined;
          socket.write('250 taken\r\n');
        } else if (/^DATA$/i.test(line)) {
          mail = '';
          socket.write('354 go on\r\n');
        } else if (/^QUIT$/i.test(line)) socket.end('221 bye\r\n');
        else {
          to = /^RCPT TO:<(.*?)>/i.exec(line)?.[1] ?? to;
          socket.write('250 fine\r\n');
        }
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#http.closeAllConnections();
    for (const server of [this.#http, this.#mail]) {
      await new Promise((done) => server.close(done));
    }
  }
}
