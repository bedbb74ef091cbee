import type { z } from 'zod';
import type { LicenseServer } from '../daemon/server.ts';

/** What can be asked of the control plane: one row each, from which validation and documents come. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  /** Absent: it takes no body, and ignores one. */
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
  readonly run: (server: LicenseServer, body: never) => unknown;
}

/** Ties the type of a body to its schema. */
export function route<Body extends z.ZodType>(row: {
  readonly method: 'POST';
  readonly path: string;
  readonly summary: string;
  readonly body: Body;
  readonly answer: z.ZodType;
  readonly run: (server: LicenseServer, body: z.infer<Body>) => unknown;
}): Route {
  return row as Route;
}
