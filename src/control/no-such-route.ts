import type { IncomingMessage } from 'node:http';
import { KnownError } from '../base/errors.ts';
import { requestLine } from './error-answer.ts';
import type { MissedRoute } from './http-app.ts';
import { plainRoutes } from './plain-routes.ts';
import { routes } from './routes.ts';

/** A request that no route of the control plane takes. */
export function noSuchRoute(request: IncomingMessage): MissedRoute {
  const path = (request.url ?? '').split('?', 1)[0];
  const all = [...routes, ...plainRoutes.map((row) => ({ method: 'GET', ...row }))];
  const allow = all.filter((row) => row.path === path).map(({ method }) => method);
  const got = requestLine(request);
  if (allow.length > 0) {
    const text = `expected ${allow.join(' or ')}, got ${got}`;
    return { error: new KnownError('CONTROL_METHOD', text), allow };
  }
  const text = `expected a path of /openapi.json such as /health, got ${got}`;
  return { error: new KnownError('CONTROL_ROUTE', text), allow };
}
