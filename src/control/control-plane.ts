import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import type { LicenseServer } from '../daemon/server.ts';
import { boundConnections } from './connection-bound.ts';
import {
  asKnownError,
  errorAnswer,
  httpStatus,
  rawErrorAnswer,
  requestLine,
} from './error-answer.ts';
import { guardOrigin } from './guard.ts';
import { type HttpAddress, urlOf } from './http-address.ts';
import { readBody } from './request-body.ts';
import { routes } from './routes.ts';

/** Bodies are checked by zod: fastify's own compilers of JSON Schemas take as long to load as the rest of it. */
const noCompilers = { buildValidator: noSchemas, buildSerializer: noSchemas };

function noSchemas(): never {
  throw new Error('no route has a JSON Schema');
}

/** The longest wait for answers in hand when the control plane is closed. */
const LAST_ANSWERS_MS = 1_000;

/** What a test may set closer than the limits. */
export interface ControlBounds {
  readonly connectionsMax?: number;
  readonly headersMs?: number;
  readonly requestMs?: number;
}

/** Steers a license server over HTTP: clock, reset, health. */
export interface ControlPlane {
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

/**
 * Starts the control plane of a license server; resolves when it listens. Whoever reaches the address rules the
 * server, so it is one of this machine alone (`parseListenAddress`).
 * @throws KnownError NET_PORT_IN_USE, NET_UNREACHABLE
 */
export async function startControlPlane(
  server: LicenseServer,
  address: HttpAddress,
  bounds: ControlBounds = {},
): Promise<ControlPlane> {
  const app = newApp(server, bounds);
  for (const { method, path, body, run } of routes) {
    app.route({
      method,
      url: path,
      handler: async (request) => run(server, readBody(body, request.body) as never),
    });
  }
  try {
    await app.listen(address);
  } catch (cause) {
    throw listenError(address, cause as NodeJS.ErrnoException);
  }
  const { port } = app.server.address() as { readonly port: number };
  return { url: urlOf({ ...address, port }), close: () => app.close() };
}

function newApp(server: LicenseServer, bounds: ControlBounds): FastifyInstance {
  const { connectionsMax = limits.httpConnectionsMax } = bounds;
  const { headersMs = limits.httpHeadersMs, requestMs = limits.httpRequestMs } = bounds;
  const fail = (reply: FastifyReply, error: unknown): void => {
    const known = asKnownError(error, (defect) =>
      server.notice('defect in the control plane', { error: defect }),
    );
    void reply.code(httpStatus(known)).send(errorAnswer(known));
  };
  const app = fastify({
    schemaController: { compilersFactory: noCompilers },
    bodyLimit: limits.httpBodyBytesMax,
    requestTimeout: requestMs,
    keepAliveTimeout: limits.httpIdleMs,
    maxRequestsPerSocket: limits.httpRequestsPerConnectionMax,
    forceCloseConnections: true,
    http: {
      headersTimeout: headersMs,
      connectionsCheckingInterval: Math.min(headersMs, 1_000),
      // The guard answers a request without Host, in our words.
      requireHostHeader: false,
    },
    frameworkErrors: (error, _request, reply) => fail(reply, error),
    clientErrorHandler: (error, socket) => {
      if (socket.writable) socket.end(rawErrorAnswer(error));
      else socket.destroy();
    },
  });
  const isSpare = boundConnections(app.server as Server, connectionsMax);
  app.addHook('onRequest', async ({ headers }) => {
    guardOrigin({ host: headers.host, origin: headers.origin });
  });
  boundRequests(app, isSpare);
  acceptJson(app);
  app.setErrorHandler((error, _request, reply) => fail(reply, error));
  app.setNotFoundHandler((request, reply) => fail(reply, noSuchRoute(request, reply)));
  return app;
}

/** Answered whoever else waits: it ends what they wait for. */
const URGENT = '/reset';
/** Such requests at a time. */
const URGENT_MAX = 10;

/**
 * However many requests are pipelined on however many connections, so many are answered at a time. A connection that
 * brings more is told so once and closed: hundreds of thousands may wait behind. A reset is taken all the same.
 */
function boundRequests(app: FastifyInstance, isSpare: (socket: Socket) => boolean): void {
  let answering = 0;
  let drained = (): void => {};
  const refused = new WeakSet<Socket>();
  app.addHook('onRequest', async ({ raw: { socket, url } }, reply) => {
    const isUrgent = url === URGENT;
    const most = limits.httpRequestsMax + (isUrgent ? URGENT_MAX : 0);
    const isTooMany = answering >= most || (isSpare(socket) && !isUrgent);
    // What came behind a refused one would be done, and its answer never sent.
    if (isTooMany || refused.has(socket)) {
      refused.add(socket);
      void reply.header('connection', 'close');
      const text = `expected at most ${limits.httpRequestsMax} requests at a time, got more`;
      throw new KnownError('CONTROL_BUSY', text);
    }
    answering++;
    reply.raw.once('close', () => {
      if (--answering === 0) drained();
    });
  });
  // Who waits for the end of the server is to hear of it.
  app.addHook('preClose', async () => {
    if (answering === 0) return;
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, LAST_ANSWERS_MS);
      drained = () => {
        clearTimeout(late);
        resolve();
      };
    });
  });
}

/** A body is JSON, or empty. */
function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, body as string, done);
  });
}

function noSuchRoute({ raw, url }: FastifyRequest, reply: FastifyReply): KnownError {
  const path = url.split('?', 1)[0];
  const methods = routes.filter((row) => row.path === path).map(({ method }) => method);
  if (methods.length === 0) {
    const known = routes.map((row) => `${row.method} ${row.path}`).join(', ');
    return new KnownError('CONTROL_ROUTE', `expected one of ${known}, got ${requestLine(raw)}`);
  }
  void reply.header('Allow', methods.join(', '));
  return new KnownError(
    'CONTROL_METHOD',
    `expected ${methods.join(' or ')}, got ${requestLine(raw)}`,
  );
}

function listenError(address: HttpAddress, cause: NodeJS.ErrnoException): KnownError {
  const where = `--http ${address.host}:${address.port}`;
  if (cause.code === 'EADDRINUSE' || cause.code === 'EACCES') {
    const got = cause.code === 'EACCES' ? 'permission denied' : 'one in use';
    const text = `${where}: expected a free port, got ${got}`;
    return new KnownError('NET_PORT_IN_USE', text, { ...address }, { cause });
  }
  const text = `${where}: expected an address of this machine, got: ${cause.message}`;
  return new KnownError('NET_UNREACHABLE', text, { ...address }, { cause });
}
