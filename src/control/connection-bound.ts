import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Connections beyond the bound while all others are being answered: for who comes to end what they wait for. */
const SPARE = 4;

/**
 * Bounds the connections of an HTTP server. When one too many comes, the one that has been waited for longest to
 * send a whole request goes: a flood of silent or slow connections keeps nobody out. When all requests are whole
 * and being answered, a few more are taken, and then the new connection goes. Gives what says whether a connection is
 * such a spare one.
 */
export function boundConnections(
  server: Server,
  connectionsMax: number,
): (socket: Socket) => boolean {
  /** What each is asking, the longest waiting first. */
  const connections = new Map<Socket, IncomingMessage | undefined>();
  const spare = new WeakSet<Socket>();
  server.on('connection', (socket: Socket) => {
    if (connections.size >= connectionsMax) {
      const waiting = longestWaiting(connections);
      if (waiting !== undefined) {
        waiting.destroy();
        connections.delete(waiting);
      } else if (connections.size < connectionsMax + SPARE) spare.add(socket);
      else return void socket.destroy();
    }
    connections.set(socket, undefined);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    if (!connections.has(socket)) return;
    connections.set(socket, request);
    // Closed once only: `once` would make another function of each.
    response.on('close', () => {
      // Behind those that have waited longer.
      if (connections.delete(socket) && !socket.destroyed) connections.set(socket, undefined);
    });
  });
  return (socket) => spare.has(socket);
}

function longestWaiting(
  connections: ReadonlyMap<Socket, IncomingMessage | undefined>,
): Socket | undefined {
  for (const [socket, request] of connections) if (!request?.complete) return socket;
  return undefined;
}
