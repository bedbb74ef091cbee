import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import type { LicenseServer } from '../daemon/server.ts';
import type { Access, Approach } from './access.ts';
import { boundConnections } from './connection-bound.ts';
import { asKnownError, errorAnswer, httpStatus, rawErrorAnswer } from './error-answer.ts';
import { type HttpAddress, urlOf } from './http-address.ts';
import { listenError } from './listen-error.ts';
import type { Role } from './roles.ts';
import type { Caller } from './tokens.ts';

/** Bodies are checked by zod: fastify's own compilers of JSON Schemas take as long to load as the rest of it. */
const noCompilers = { buildValidator: noSchemas, buildSerializer: noSchemas };

function noSchemas(): never {
  throw new Error('no route has a JSON Schema');
}

/** The longest wait for answers in hand when the control plane is closed. */
const LAST_ANSWERS_MS = 1_000;

/** What every HTTP server of a license server is made of. */
export interface HttpAppOptions {
  readonly server: LicenseServer;
  readonly access: Access;
  readonly connectionsMax?: number;
  readonly headersMs?: number;
  readonly requestMs?: number;
  /** How a failure is answered; else as docs/control-plane.md has it. */
  readonly failure?: (error: KnownError) => FailureAnswer;
  readonly noSuchRoute: (request: IncomingMessage) => MissedRoute;
  /** Ends answers that have no end by themselves, before those in hand are waited for. */
  readonly closing?: () => void;
  /** `/a/` is `/a`. */
  readonly ignoreTrailingSlash?: boolean;
}

/** What a request that no route takes is answered with, and the methods that its path has. */
export interface MissedRoute {
  readonly error: KnownError;
  readonly allow: readonly string[];
}

export interface FailureAnswer {
  readonly status: number;
  readonly body: object;
}

/** Who each request is of that may change something. */
export type Callers = WeakMap<IncomingMessage, Caller>;

export interface HttpApp {
  readonly app: FastifyInstance;
  readonly callers: Callers;
}

/** An HTTP server without routes: bounded, guarded, and every failure answered in our words. */
export function newHttpApp(options: HttpAppOptions): HttpApp {
  const { server, access, connectionsMax = limits.httpConnectionsMax } = options;
  const { headersMs = limits.httpHeadersMs, requestMs = limits.httpRequestMs } = options;
  const { failure = usualFailure } = options;
  const fail = (reply: FastifyReply, error: unknown): void => {
    const known = asKnownError(error, (defect) =>
      server.notice('defect in the control plane', { error: defect }),
    );
    if (known.code === 'CONTROL_TOKEN') void reply.header('www-authenticate', 'Bearer');
    const { waitSeconds } = known.details;
    if (waitSeconds !== undefined) void reply.header('retry-after', String(waitSeconds));
    const { status, body } = failure(known);
    void reply.code(status).send(body);
  };
  const app = fastify({
    schemaController: { compilersFactory: noCompilers },
    bodyLimit: limits.httpBodyBytesMax,
    requestTimeout: requestMs,
    keepAliveTimeout: limits.httpIdleMs,
    maxRequestsPerSocket: limits.httpRequestsPerConnectionMax,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: options.ignoreTrailingSlash ?? false },
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
  const callers = admitRequests(app, access);
  app.addHook('preClose', async () => options.closing?.());
  boundRequests(app, isSpare);
  acceptJson(app);
  app.setErrorHandler((error, _request, reply) => fail(reply, error));
  app.setNotFoundHandler((request, reply) => {
    const { error, allow } = options.noSuchRoute(request.raw);
    if (allow.length > 0) void reply.header('Allow', allow.join(', '));
    fail(reply, error);
  });
  return { app, callers };
}

function usualFailure(error: KnownError): FailureAnswer {
  return { status: httpStatus(error), body: errorAnswer(error) };
}

/** Has it listen; gives its URL. @throws KnownError NET_PORT_IN_USE, NET_UNREACHABLE, naming `flag` */
export async function listenAt(
  app: FastifyInstance,
  address: HttpAddress,
  flag: string,
): Promise<string> {
  try {
    await app.listen(address);
  } catch (cause) {
    throw listenError(flag, address, cause as NodeJS.ErrnoException);
  }
  const { port } = app.server.address() as { readonly port: number };
  return urlOf({ ...address, port });
}

/** Lets requests in that may be, each with the headers that every answer has. */
function admitRequests(app: FastifyInstance, access: Access): Callers {
  const callers: Callers = new WeakMap();
  // No promise where nobody else need be asked: every request pays for it.
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
    const { raw } = request;
    const known = (caller: Caller): void => {
      // Only changes are written down: a map that forgets with each request is the garbage collector's to tidy.
      if (raw.method !== 'GET') callers.set(raw, caller);
      done();
    };
    const caller = access.admit(new RequestApproach(request));
    if (caller instanceof Promise) caller.then(known, done);
    else known(caller);
  });
  return callers;
}

/** What is known of a request, looked up when it is asked for: fastify makes all options of a route anew each time. */
class RequestApproach implements Approach {
  readonly #request: FastifyRequest;

  constructor(request: FastifyRequest) {
    this.#request = request;
  }

  get host(): string | undefined {
    return this.#request.raw.headers.host;
  }

  get origin(): string | undefined {
    return this.#request.raw.headers.origin;
  }

  get authorization(): string | undefined {
    return this.#request.raw.headers.authorization;
  }

  get address(): string {
    return this.#request.raw.socket.remoteAddress ?? '';
  }

  get role(): Role {
    const { role } = (this.#request.routeOptions.config ?? {}) as { readonly role?: Role };
    return role ?? 'anyone';
  }
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
  app.addHook('onRequest', ({ raw: { socket, url } }, reply, done) => {
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
    reply.raw.on('close', () => {
      if (--answering === 0) drained();
    });
    done();
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
