import type { FastifyInstance, FastifyRequest } from 'fastify';
import { KnownError } from '../base/errors.ts';
import type { LicenseServer } from '../daemon/server.ts';
import { Access } from './access.ts';
import { AuditLog } from './audit-log.ts';
import { ControlDesk } from './control-desk.ts';
import { contentPolicy } from './docs-page.ts';
import { httpStatus } from './error-answer.ts';
import { type HttpAddress, isLoopback } from './http-address.ts';
import { type Callers, listenAt, newHttpApp } from './http-app.ts';
import { keptHandler } from './kept-handler.ts';
import { noSuchRoute } from './no-such-route.ts';
import { html, type PlainRoute, plainRoutes } from './plain-routes.ts';
import { readInput } from './request-body.ts';
import { type Route, roleOf } from './route.ts';
import { routes } from './routes.ts';
import type { ScenarioSetting } from './scenario-runs.ts';
import type { TokenReader } from './tokens.ts';

/** Who may ask, and what a test may set closer than the limits. */
export interface ControlOptions {
  /** Absent: whoever reaches the address rules the server. */
  readonly tokens?: TokenReader;
  /** File to which every change is added. */
  readonly audit?: string;
  /** Scenarios that may be run; absent: none. */
  readonly scenarios?: ScenarioSetting;
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
  const { notice } = server;
  const audit = options.audit === undefined ? undefined : new AuditLog(options.audit, { notice });
  const desk = new ControlDesk(server, options.scenarios);
  const access = new Access({ tokens: options.tokens, isOpen });
  const { app, callers } = newHttpApp({
    ...options,
    server,
    access,
    noSuchRoute,
    closing: () => desk.closeStreams(),
  });
  for (const row of routes) addRoute(app, row, { desk, audit, callers });
  for (const row of plainRoutes) addPlainRoute(app, row, desk);
  const end = async (): Promise<void> => {
    await app.close();
    await desk.close();
    audit?.close();
  };
  try {
    return { url: await listenAt(app, address, '--http'), close: end };
  } catch (error) {
    await end();
    throw error;
  }
}

function needsTokens({ host }: HttpAddress): KnownError {
  const wanted = '--http-tokens or --oidc-issuer with an address that other machines reach';
  const text = `--http: expected ${wanted}, ${host}, got none`;
  return new KnownError('USAGE', text);
}

/** What stands behind the routes. */
interface Parts {
  readonly desk: ControlDesk;
  readonly audit: AuditLog | undefined;
  readonly callers: Callers;
}

function addRoute(app: FastifyInstance, row: Route, { desk, audit, callers }: Parts): void {
  const { method, path, query, body, kept, scoped, run } = row;
  const role = roleOf(row);
  const changes = method !== 'GET' && role !== 'viewer';
  const schema = method === 'GET' ? query : body;
  const inputOf = (request: FastifyRequest): never => {
    if (schema === undefined) return undefined as never;
    return method === 'GET'
      ? (readInput(schema, request.query, 'query') as never)
      : (readInput(schema, request.body) as never);
  };
  const answer: Answer = async (request) => {
    const session = scoped ? desk.sessions.of(request.headers) : undefined;
    return run(desk.server, inputOf(request), desk, session);
  };
  const handler =
    changes && audit !== undefined ? audited(answer, row, { audit, callers }) : answer;
  const config = { role };
  if (kept) app.get(path, { config }, keptHandler(answer, row, desk));
  else app.route({ method, url: path, config, handler });
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
