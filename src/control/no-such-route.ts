import type { IncomingMessage } from 'node:http';
import { KnownError } from '../base/errors.ts';
import { requestLine } from './error-answer.ts';
import { plainRoutes } from './plain-routes.ts';
import { routes } from './routes.ts';

/** What a request that no route takes is answered with, and the methods that its path has. */
export function noSuchRoute(request: IncomingMessage): {
  readonly error: KnownError;
  readonly allow: readonly string[];
} {
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
