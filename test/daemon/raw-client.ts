import { connect, type Socket } from 'node:net';

/**
 * A client that says exactly what a test tells it, bytes and all, and hears bytes: written from docs/protocol.md,
 * sharing no code with src/wire.
 */
export class RawClient {
  readonly #socket: Socket;
  #bytes = Buffer.alloc(0);
  #closed = false;
  #wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#wake?.();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#closed = true;
      this.#wake?.();
    });
  }

  static open(port: number, host = '127.0.0.1'): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new RawClient(socket)));
    });
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Sends and waits until the kernel took it. */
  sent(bytes: Uint8Array): Promise<void> {
    return new Promise((done) => this.#socket.write(bytes, () => done()));
  }

  /** Exactly `size` bytes; fewer when the server closes before. */
  async take(size: number): Promise<Buffer> {
    while (this.#bytes.length < size && !this.#closed) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    const taken = this.#bytes.subarray(0, size);
    this.#bytes = this.#bytes.subarray(size);
    return taken;
  }

  /** The next whole message; an empty type when the server has closed. */
  async message(): Promise<{ readonly type: number | string; readonly bytes: Buffer }> {
    const first = await this.take(1);
    if (first.length === 0) return { type: 'closed', bytes: first };
    if (first[0] !== 0x2f) {
      const bytes = Buffer.concat([first, await this.take(146)]);
      return { type: String.fromCharCode(first[0]!), bytes };
    }
    const head = Buffer.concat([first, await this.take(19)]);
    const bytes = Buffer.concat([head, await this.take(head.readUInt16BE(4) - 20)]);
    return { type: head.readUInt16BE(6), bytes };
  }

  /** Resolves when the server has closed the connection. */
  async closed(): Promise<void> {
    while (!this.#closed) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }

  /** Breaks the connection as a killed process does. */
  vanish(): void {
    this.#socket.resetAndDestroy();
  }

  end(): void {
    this.#socket.destroy();
  }
}

export const MARK = Buffer.from('T\0fauxlm\x01', 'latin1');

export function helloBytes(
  vendor: string,
  { user = 'ann', host = 'ws1', pid = '42', mark = Buffer.from('T') } = {},
): Buffer {
  const bytes = Buffer.alloc(147);
  bytes.write('h\0' + '13', 0, 'latin1');
  bytes.write(user, 4);
  bytes.write(host, 25);
  bytes.write(vendor, 58);
  bytes.write('/dev/pts/1', 69);
  mark.copy(bytes, 102);
  bytes.write(pid, 115);
  bytes.write('x64_lsb', 126);
  bytes.set([11, 16], 139);
  bytes.write('78\0' + '14', 141, 'latin1');
  return legacySummed(bytes);
}

export function legacySummed(bytes: Buffer): Buffer {
  let sum = 0;
  bytes.forEach((byte, at) => {
    if (at !== 1) sum += byte;
  });
  bytes[1] = sum & 0xff;
  return bytes;
}

export function frameBytes(type: number, body: Uint8Array): Buffer {
  const bytes = Buffer.alloc(20 + body.length);
  bytes[0] = 0x2f;
  bytes.writeUInt16BE(bytes.length, 4);
  bytes.writeUInt16BE(type, 6);
  bytes.set(body, 20);
  let crc = 0;
  for (const byte of bytes.subarray(4)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0x3a5d : 0);
  }
  bytes.writeUInt16BE(crc, 2);
  let sum = 0x2f;
  for (const byte of bytes.subarray(2, 20)) sum += byte;
  bytes[1] = sum & 0xff;
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text16(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

export function checkoutBytes(
  feature: string,
  { tag = 1, count = 1, version = '0.0', data = '' } = {},
): Buffer {
  const fields = [Buffer.from([1]), u32(tag), Buffer.from([0, 0]), u32(count)];
  return frameBytes(
    0x7f03,
    Buffer.concat([...fields, text16(feature), text16(version), text16(data)]),
  );
}

export function checkinBytes(handle: number, tag = 2): Buffer {
  return frameBytes(0x7f05, Buffer.concat([Buffer.from([1]), u32(tag), u32(handle)]));
}

/** Major and minor of a `failure` frame. */
export function failureOf(bytes: Buffer): [number, number] {
  return [bytes.readInt32BE(25), bytes.readInt32BE(29)];
}

/** Asks for one feature's status: the public 0x013c. */
export function statusBytes(feature: string): Buffer {
  return frameBytes(
    0x013c,
    Buffer.concat([Buffer.from(`${feature}\0`), Buffer.alloc(24), Buffer.from([1])]),
  );
}

/** Says hello to a vendor daemon and reads its greeting. */
export async function greeted(
  port: number,
  vendor = 'acmed',
  options: Parameters<typeof helloBytes>[1] = {},
): Promise<RawClient> {
  const client = await RawClient.open(port);
  client.send(helloBytes(vendor, options));
  await client.message();
  return client;
}
