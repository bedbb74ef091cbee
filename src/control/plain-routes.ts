import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import type { ControlDesk } from './control-desk.ts';
import { docsPage } from './docs-page.ts';
import { journalQuery } from './journal-filter.ts';
import { metricsText } from './metrics.ts';
import { openApi } from './open-api.ts';
import { pageHtml } from './page/page-html.ts';
import { pageIcon } from './page/page-icon.ts';
import { pageScript } from './page/page-script.ts';
import { pageStyle } from './page/page-style.ts';
import { readInput } from './request-body.ts';
import type { Role } from './roles.ts';
import { runsOf } from './scenario-routes.ts';
import { runQuery } from './scenario-schemas.ts';

/** What a request for a plain answer brings. */
export interface PlainRequest {
  readonly query: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface PlainRouteBase {
  readonly path: string;
  readonly summary: string;
  readonly role: Role;
  /** The media type of its answer. */
  readonly type: string;
  /** What may stand behind the `?`. */
  readonly query?: z.ZodType;
  /** It goes on behind the event that a reader names by Last-Event-ID. */
  readonly goesOn?: true;
}

/** GET of something that is no JSON of a schema: documents, pages, streams. */
export type PlainRoute = PlainRouteBase &
  (
    | { readonly text: (desk: ControlDesk, request: PlainRequest) => string | Promise<string> }
    /** It sends its answer itself, for as long as its client listens. */
    | {
        readonly stream: (
          desk: ControlDesk,
          request: PlainRequest,
          response: ServerResponse,
        ) => void;
      }
  );

export const html = 'text/html; charset=utf-8';

/** A reconnecting reader names the last event it has seen. */
function lastEventId({ headers }: PlainRequest): { readonly from?: number } {
  const id = headers['last-event-id'];
  return typeof id === 'string' && /^\d{1,15}$/.test(id) ? { from: Number(id) + 1 } : {};
}

const metricsQuery = z.strictObject({ users: z.enum(['yes', 'no']).optional() });

export const plainRoutes: readonly PlainRoute[] = [
  {
    path: '/',
    summary: 'the live page',
    role: 'anyone',
    type: html,
    text: () => pageHtml,
  },
  {
    path: '/page.css',
    summary: 'its style',
    role: 'anyone',
    type: 'text/css; charset=utf-8',
    text: () => pageStyle,
  },
  {
    path: '/icon.svg',
    summary: 'its icon',
    role: 'anyone',
    type: 'image/svg+xml',
    text: () => pageIcon,
  },
  {
    path: '/page.js',
    summary: 'its script',
    role: 'anyone',
    type: 'text/javascript; charset=utf-8',
    text: () => pageScript(),
  },
  {
    path: '/journal/stream',
    summary: 'what happens, as it happens (Server-Sent Events); from= or Last-Event-ID goes on',
    role: 'viewer',
    type: 'text/event-stream; charset=utf-8',
    query: journalQuery,
    goesOn: true,
    stream: ({ streams, sessions }, request, response) => {
      const query = readInput(journalQuery, request.query, 'query');
      const pid = sessions.of(request.headers)?.pid;
      streams.open(response, { ...query, ...lastEventId(request), pid });
    },
  },
  {
    path: '/scenarios/stream',
    summary: 'what a run tells, as it tells it, and how it ended (Server-Sent Events)',
    role: 'viewer',
    type: 'text/event-stream; charset=utf-8',
    query: runQuery,
    goesOn: true,
    stream: (desk, request, response) => {
      const { id, from } = readInput(runQuery, request.query, 'query');
      desk.runStreams.open(response, runsOf(desk).get(id), lastEventId(request).from ?? from);
    },
  },
  {
    path: '/metrics',
    summary:
      'metrics for Prometheus: those of flexlm_exporter, and ours; users=no leaves users out',
    role: 'viewer',
    type: 'text/plain; version=0.0.4; charset=utf-8',
    query: metricsQuery,
    text: (desk, request) => {
      const { users } = readInput(metricsQuery, request.query, 'query');
      return metricsText(desk, users !== 'no');
    },
  },
  {
    path: '/openapi.json',
    summary: 'this list, as OpenAPI 3.1',
    role: 'anyone',
    type: 'application/json; charset=utf-8',
    text: () => openApi(),
  },
  {
    path: '/docs',
    summary: 'this list, to read',
    role: 'anyone',
    type: html,
    text: () => docsPage(),
  },
];
