import type { z } from 'zod';
import type { LicenseServer } from '../daemon/server.ts';
import type { ControlDesk } from './control-desk.ts';
import type { Role } from './roles.ts';
import type { TestSession } from './test-sessions.ts';

/** Fields that are worked out anew whenever one of their marks is another than it was for who asked before. */
export interface LiveFields {
  readonly marks: (server: LicenseServer) => readonly unknown[];
  readonly fields: (server: LicenseServer) => object;
}

/** What can be asked of the control plane: one row each, from which validation and documents come. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  /** Who may ask, where there are tokens: a viewer to read, an operator to change, unless told. */
  readonly role?: Role;
  /** Of GET: what may stand behind the `?`. Absent: nothing is looked at. */
  readonly query?: z.ZodType;
  /** Absent: it takes no body, and ignores one. */
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
  /** The same answer for everybody who asks the same while the server stays as it is: it is kept. */
  readonly kept?: true;
  /** Of one that is kept, the fields that change without that. */
  readonly live?: LiveFields;
  /** It heeds the session that a request is of. */
  readonly scoped?: true;
  /** `input` is the body, or of GET the query. */
  readonly run: (
    server: LicenseServer,
    input: never,
    desk: ControlDesk,
    session: TestSession | undefined,
  ) => unknown;
}

/** Ties the type of a body to its schema. */
export function route<Body extends z.ZodType>(row: {
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly role?: Role;
  readonly body: Body;
  readonly answer: z.ZodType;
  readonly scoped?: true;
  readonly run: (
    server: LicenseServer,
    body: z.infer<Body>,
    desk: ControlDesk,
    session: TestSession | undefined,
  ) => unknown;
}): Route {
  return row as Route;
}

/** Ties the type of a query to its schema. */
export function reading<Query extends z.ZodType>(row: {
  readonly path: string;
  readonly summary: string;
  readonly query: Query;
  readonly answer: z.ZodType;
  readonly kept?: true;
  readonly scoped?: true;
  readonly run: (
    server: LicenseServer,
    query: z.infer<Query>,
    desk: ControlDesk,
    session: TestSession | undefined,
  ) => unknown;
}): Route {
  return { method: 'GET', ...row } as Route;
}

/** The role that a row asks for. */
export function roleOf({ role, method }: Pick<Route, 'role' | 'method'>): Role {
  return role ?? (method === 'GET' ? 'viewer' : 'operator');
}
