import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { KnownError } from '../../base/errors.ts';
import type { LicenseServer } from '../../daemon/server.ts';
import { Access } from '../access.ts';
import { AuditLog } from '../audit-log.ts';
import { ControlDesk } from '../control-desk.ts';
import type { ControlPlane } from '../control-plane.ts';
import { httpStatus } from '../error-answer.ts';
import { type HttpAddress, isLoopback } from '../http-address.ts';
import { type FailureAnswer, listenAt, newHttpApp } from '../http-app.ts';
import { type LicenseBook, serverTypes } from './license-book.ts';
import { SimDesk } from './sim-desk.ts';
import { newLicense, newLicenseInUse, readSim, simError } from './sim-input.ts';

/** Where it listens, and the licenses that it makes: one of the server's license files. */
export interface LmSimSetting {
  readonly address: HttpAddress;
  readonly book: LicenseBook;
  /** File to which every change is added. */
  readonly audit?: string;
}

/**
 * Serves the REST of Vantage's license simulator (`/lm-sim/...` of lm-simulator-api, of which paths, fields and
 * statuses are taken), on the ledgers of a license server: what is made there is a feature that lmstat shows, and what
 * is in use there is checked out. It has a listener of its own, without tokens, since its clients know none.
 * @throws KnownError NET_PORT_IN_USE, NET_UNREACHABLE, FILE_UNREADABLE for an audit log that cannot be written
 */
export async function startLmSim(
  server: LicenseServer,
  { address, book, audit }: LmSimSetting,
): Promise<ControlPlane> {
  const { notice } = server;
  const log = audit === undefined ? undefined : new AuditLog(audit, { kind: 'sim-', notice });
  const desk = new ControlDesk(server);
  const access = new Access({ tokens: undefined, isOpen: !isLoopback(address.host) });
  const { app } = newHttpApp({
    server,
    access,
    failure,
    noSuchRoute: () => ({ error: simError(404, 'Not Found'), allow: [] }),
    ignoreTrailingSlash: true,
  });
  if (log !== undefined) auditChanges(app, log);
  addRoutes(app, new SimDesk(desk, book));
  const close = async (): Promise<void> => {
    await app.close();
    await desk.close();
    log?.close();
  };
  try {
    return { url: await listenAt(app, address, '--lm-sim'), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Nobody says who he is. */
const caller = { name: 'lm-sim', role: 'anyone' } as const;

/** Each change is written down before it is made, and its status behind it. */
function auditChanges(app: FastifyInstance, log: AuditLog): void {
  const outcomes = new WeakMap<IncomingMessage, (status: number) => void>();
  app.addHook('preHandler', async ({ raw, method, url, body }) => {
    if (method === 'GET') return;
    const address = raw.socket.remoteAddress ?? '';
    outcomes.set(raw, log.begin({ caller, address, method, path: url.slice(0, 200), body }));
  });
  app.addHook('onSend', async ({ raw }, reply) => outcomes.get(raw)?.(reply.statusCode));
}

/** FastAPI answers with `detail`. */
function failure(error: KnownError): FailureAnswer {
  const { status, detail } = error.details;
  if (typeof status === 'number') return { status, body: { detail } };
  // What is no JSON is to FastAPI a body like any other that is wrong.
  const isBody = error.code === 'CONTROL_REQUEST';
  return { status: isBody ? 422 : httpStatus(error), body: { detail: error.message } };
}

const serverType = z.strictObject({ type: z.enum(serverTypes) });

function addRoutes(app: FastifyInstance, desk: SimDesk): void {
  app.get('/lm-sim/health', async (_request, reply) => reply.code(204).send());
  app.get('/lm-sim/licenses', async () => desk.licenses());
  app.get('/lm-sim/licenses/type/:type', async ({ params }) => {
    const { type } = readSim(serverType, params, 'path');
    return (await desk.licenses()).filter((each) => each.license_server_type === type);
  });
  app.get('/lm-sim/licenses/:name', async ({ params }) => desk.license(nameOf(params)));
  app.post('/lm-sim/licenses', async ({ body }, reply) => {
    void reply.code(201);
    return desk.add(readSim(newLicense, body));
  });
  app.delete('/lm-sim/licenses/:name', async ({ params }, reply) => {
    await desk.delete(nameOf(params));
    return reply.code(204).send();
  });
  app.get('/lm-sim/licenses-in-use', async () => desk.inUse());
  app.post('/lm-sim/licenses-in-use', async ({ body }, reply) => {
    void reply.code(201);
    return desk.take(readSim(newLicenseInUse, body));
  });
  app.delete('/lm-sim/licenses-in-use/:id', async ({ params }, reply) => {
    const { id } = params as { readonly id: string };
    if (!/^\d{1,15}$/.test(id)) throw simError(422, 'id: expected a whole number');
    await desk.giveBack(Number(id));
    return reply.code(204).send();
  });
}

function nameOf(params: unknown): string {
  return (params as { readonly name: string }).name;
}
