import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Bounds the connections of an HTTP server. When one too many comes, the one that has been waited for longest to
 * send a whole request goes: a flood of silent or slow connections keeps nobody out. When all requests are whole
 * and being answered, the new connection goes.
 */
export function boundConnections(server: Server, connectionsMax: number): void {
  /** What each is asking, the longest waiting first. */
  const connections = new Map<Socket, IncomingMessage | undefined>();
  server.on('connection', (socket: Socket) => {
    if (connections.size >= connectionsMax) {
      const waiting = longestWaiting(connections);
      (waiting ?? socket).destroy();
      if (waiting === undefined) return;
      connections.delete(waiting);
    }
    connections.set(socket, undefined);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    if (!connections.has(socket)) return;
    connections.set(socket, request);
    response.once('close', () => {
      // Behind those that have waited longer.
      if (connections.delete(socket) && !socket.destroyed) connections.set(socket, undefined);
    });
  });
}

function longestWaiting(
  connections: ReadonlyMap<Socket, IncomingMessage | undefined>,
): Socket | undefined {
  for (const [socket, request] of connections) if (!request?.complete) return socket;
  return undefined;
}
