import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import type { LicenseServer } from '../daemon/server.ts';
import { Access } from './access.ts';
import { AuditLog } from './audit-log.ts';
import { boundConnections } from './connection-bound.ts';
import { ControlDesk } from './control-desk.ts';
import { contentPolicy } from './docs-page.ts';
import { asKnownError, errorAnswer, httpStatus, rawErrorAnswer } from './error-answer.ts';
import { type HttpAddress, isLoopback, urlOf } from './http-address.ts';
import { listenError } from './listen-error.ts';
import { noSuchRoute } from './no-such-route.ts';
import { html, type PlainRoute, plainRoutes } from './plain-routes.ts';
import { readInput } from './request-body.ts';
import type { Role } from './roles.ts';
import { type Route, roleOf } from './route.ts';
import { routes } from './routes.ts';
import type { Caller, Tokens } from './tokens.ts';

/** Bodies are checked by zod: fastify's own compilers of JSON Schemas take as long to load as the rest of it. */
const noCompilers = { buildValidator: noSchemas, buildSerializer: noSchemas };

function noSchemas(): never {
  throw new Error('no route has a JSON Schema');
}

/** The longest wait for answers in hand when the control plane is closed. */
const LAST_ANSWERS_MS = 1_000;

/** Who may ask, and what a test may set closer than the limits. */
export interface ControlOptions {
  /** Absent: whoever reaches the address rules the server. */
  readonly tokens?: Tokens;
  /** File to which every change is added. */
  readonly audit?: string;
  readonly connectionsMax?: number;
  readonly headersMs?: number;
  readonly requestMs?: number;
}

/** Shows and steers a license server over HTTP. */
export interface ControlPlane {
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

/**
 * Starts the control plane of a license server; resolves when it listens.
 * @throws KnownError NET_PORT_IN_USE, NET_UNREACHABLE; USAGE for an address that others reach, without tokens;
 * FILE_UNREADABLE for an audit log that cannot be written
 */
export async function startControlPlane(
  server: LicenseServer,
  address: HttpAddress,
  options: ControlOptions = {},
): Promise<ControlPlane> {
  const isOpen = !isLoopback(address.host);
  if (isOpen && options.tokens === undefined) throw needsTokens(address);
  const audit = options.audit === undefined ? undefined : new AuditLog(options.audit);
  const desk = new ControlDesk(server);
  const access = new Access({ tokens: options.tokens, isOpen });
  const app = newApp({ desk, access, audit }, options);
  const end = async (): Promise<void> => {
    await app.close();
    desk.close();
    audit?.close();
  };
  try {
    await app.listen(address);
  } catch (cause) {
    await end();
    throw listenError(address, cause as NodeJS.ErrnoException);
  }
  const { port } = app.server.address() as { readonly port: number };
  return { url: urlOf({ ...address, port }), close: end };
}

function needsTokens({ host }: HttpAddress): KnownError {
  const text = `--http: expected --http-tokens with an address that other machines reach, ${host}, got none`;
  return new KnownError('USAGE', text);
}

/** What stands behind the routes. */
interface Parts {
  readonly desk: ControlDesk;
  readonly access: Access;
  readonly audit: AuditLog | undefined;
}

function newApp(parts: Parts, options: ControlOptions): FastifyInstance {
  const { connectionsMax = limits.httpConnectionsMax } = options;
  const { headersMs = limits.httpHeadersMs, requestMs = limits.httpRequestMs } = options;
  const { server } = parts.desk;
  const fail = (reply: FastifyReply, error: unknown): void => {
    const known = asKnownError(error, (defect) =>
      server.notice('defect in the control plane', { error: defect }),
    );
    if (known.code === 'CONTROL_TOKEN') void reply.header('www-authenticate', 'Bearer');
    const { waitSeconds } = known.details;
    if (waitSeconds !== undefined) void reply.header('retry-after', String(waitSeconds));
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
  const callers = admitRequests(app, parts.access);
  app.addHook('preClose', async () => parts.desk.streams.close());
  boundRequests(app, isSpare);
  acceptJson(app);
  app.setErrorHandler((error, _request, reply) => fail(reply, error));
  app.setNotFoundHandler((request, reply) => {
    const { error, allow } = noSuchRoute(request.raw);
    if (allow.length > 0) void reply.header('Allow', allow.join(', '));
    fail(reply, error);
  });
  for (const row of routes) addRoute(app, row, parts, callers);
  for (const row of plainRoutes) addPlainRoute(app, row, parts.desk);
  return app;
}

/** Who each request is of. */
type Callers = WeakMap<IncomingMessage, Caller>;

/** Lets requests in that may be, each with the headers that every answer has. */
function admitRequests(app: FastifyInstance, access: Access): Callers {
  const callers: Callers = new WeakMap();
  app.addHook('onRequest', async ({ raw, routeOptions }, reply) => {
    void reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
    const { host, origin, authorization } = raw.headers;
    const { role = 'anyone' } = (routeOptions.config ?? {}) as { readonly role?: Role };
    const address = raw.socket.remoteAddress ?? '';
    callers.set(raw, access.admit({ host, origin, authorization, address, role }));
  });
  return callers;
}

function addRoute(
  app: FastifyInstance,
  row: Route,
  { desk, audit }: Parts,
  callers: Callers,
): void {
  const { method, path, query, body, kept, run } = row;
  const role = roleOf(row);
  const changes = method !== 'GET' && role !== 'viewer';
  const schema = method === 'GET' ? query : body;
  const inputOf = (request: FastifyRequest): never => {
    if (schema === undefined) return undefined as never;
    return readInput(schema, method === 'GET' ? request.query : request.body) as never;
  };
  const answer: Answer = async (request) => run(desk.server, inputOf(request), desk);
  const handler =
    changes && audit !== undefined ? audited(answer, row, { audit, callers }) : answer;
  const config = { role };
  if (!kept) return void app.route({ method, url: path, config, handler });
  app.get(path, { config }, async (request, reply) => {
    const make = async () => Buffer.from(JSON.stringify(await answer(request)));
    const bytes = await desk.kept.get(request.url, make, ({ length }) => length);
    return reply.type('application/json; charset=utf-8').send(bytes);
  });
}

type Answer = (request: FastifyRequest) => Promise<unknown>;

/** The same answer, with what was asked and what came of it in the audit log. */
function audited(
  answer: Answer,
  { method, path }: Route,
  { audit, callers }: { readonly audit: AuditLog; readonly callers: Callers },
): Answer {
  return async (request) => {
    const caller = callers.get(request.raw)!;
    const address = request.raw.socket.remoteAddress ?? '';
    const told = audit.begin({ caller, address, method, path, body: request.body });
    try {
      const done = await answer(request);
      told(200);
      return done;
    } catch (error) {
      told(error instanceof KnownError ? httpStatus(error) : 500);
      throw error;
    }
  };
}

function addPlainRoute(app: FastifyInstance, row: PlainRoute, desk: ControlDesk): void {
  const { path, role, type } = row;
  app.get(path, { config: { role } }, async (request, reply) => {
    if ('text' in row) {
      if (type === html) void reply.header('content-security-policy', contentPolicy);
      return reply.type(type).send(await row.text(desk, request));
    }
    row.stream(desk, request, reply.raw);
    return reply.hijack();
  });
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
