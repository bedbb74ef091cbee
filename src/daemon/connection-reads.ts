import { Socket, type SocketConstructorOpts } from 'node:net';

/** The first `length` of `bytes` have come. They are read, or copied, before it returns. */
export type Receive = (bytes: Buffer, length: number) => void;

/** A connection that was accepted: its socket, and what comes over it, which is told once somebody listens. */
export interface ConnectionReads {
  readonly socket: Socket;
  listen(receive: Receive): void;
}

/** What a connection may bring at once; as much as libuv reads. */
const READ_BYTES = 64 * 1024;
/** Everybody's: whoever is told of it is done with it before the next is read. */
const sharedBuffer = Buffer.allocUnsafeSlow(READ_BYTES);

/** Each read has a buffer of its own, as Node gives it. */
export function ownReads(socket: Socket): ConnectionReads {
  return {
    socket,
    listen: (receive) => void socket.on('data', (chunk: Buffer) => receive(chunk, chunk.length)),
  };
}

/** What Node keeps of an accepted connection, and documents nowhere. */
interface Accepted {
  _handle: { readonly useUserBuffer?: unknown } | null | undefined;
  /** Counts its connections, and closes when the last is gone. */
  _server: unknown;
}

/**
 * Every read comes in one buffer for all connections, which saves a fifth of what a request costs the processor
 * (bench/README.md). Node has that for connections that one makes, not for those that one accepts: a second socket,
 * made for it, takes the place of the first, which must not have been used. Where this Node does not let it, each read
 * has a buffer of its own.
 */
export function sharedReads(socket: Socket): ConnectionReads {
  const first = socket as unknown as Accepted;
  const handle = first._handle;
  if (typeof handle?.useUserBuffer !== 'function') return ownReads(socket);
  let told: Receive = () => {};
  const callback = (length: number): boolean => {
    told(sharedBuffer, length);
    return true;
  };
  const { allowHalfOpen, writableHighWaterMark: highWaterMark } = socket;
  const onread = { buffer: sharedBuffer, callback };
  const options = { handle, allowHalfOpen, highWaterMark, onread } as SocketConstructorOpts;
  const second = new Socket(options);
  (second as unknown as Accepted)._server = first._server;
  first._handle = null;
  first._server = null;
  return {
    socket: second,
    listen: (receive) => {
      told = receive;
    },
  };
}
