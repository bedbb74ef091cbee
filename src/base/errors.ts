/**
 * Every error a user can meet, one row each: the exit status of `fauxlm`, the HTTP status of the control
 * plane, and what to do about it. Retired codes are listed in src/README.md and never used again.
 */
export const errorCodes = {
  USAGE: { exit: 2, http: 400, hint: 'see --help' },
  FILE_UNREADABLE: { exit: 2, http: 400, hint: 'check the path and its permissions' },
  FILE_TOO_LARGE: { exit: 2, http: 413, hint: 'license and options files are limited to 16 MiB' },
  LICENSE_SYNTAX: { exit: 2, http: 400, hint: 'run fauxlm lint on the file' },
  LICENSE_UNSERVABLE: {
    exit: 2,
    http: 400,
    hint: 'run fauxlm lint on the file, or serve what can be served with --lenient',
  },
  OPTIONS_SYNTAX: { exit: 2, http: 400, hint: 'run fauxlm lint on the options file' },
  WIRE_LAYOUT: { exit: 3, http: 502, hint: 'the peer speaks another protocol, or a fault is on' },
  WIRE_CHECKSUM: { exit: 3, http: 502, hint: 'the peer speaks another protocol, or a fault is on' },
  WIRE_ORDER: {
    exit: 3,
    http: 502,
    hint: 'this message has no place in this phase of the conversation',
  },
  WIRE_VERSION: { exit: 3, http: 502, hint: 'the peer is newer than this fauxlm; update it' },
  NET_PORT_IN_USE: {
    exit: 3,
    http: 503,
    hint: 'stop what listens there, or choose another --port',
  },
  NET_UNREACHABLE: { exit: 3, http: 503, hint: 'check the host name, the port and the firewall' },
  NET_TIMEOUT: { exit: 3, http: 504, hint: 'the peer accepted the connection but did not answer' },
  ENVIRONMENT_DESCRIPTORS: {
    exit: 3,
    http: 503,
    hint: 'this process may not open more files: raise its limit, such as with ulimit -n 1024',
  },
  LOAD_PROFILE: { exit: 2, http: 400, hint: 'see docs/load.md' },
  LOAD_BUNDLE: {
    exit: 2,
    http: 400,
    hint: 'merge and compare what fauxlm load of this version has written',
  },
  CHECKOUT_DENIED: { exit: 6, http: 409, hint: 'see fauxlm errors CODE' },
  CLOCK_REAL: {
    exit: 2,
    http: 409,
    hint: 'start the server with --clock manual, or one that runs at its own pace such as --clock x60',
  },
  CLOCK_RESET: { exit: 3, http: 409, hint: 'ask again: the server begins anew' },
  CONTROL_REQUEST: {
    exit: 2,
    http: 400,
    hint: 'see what the route takes in docs/control-plane.md',
  },
  CONTROL_FORBIDDEN: {
    exit: 3,
    http: 403,
    hint: 'ask from this machine, by its loopback address or localhost, and from no page of another site',
  },
  CONTROL_TOKEN: {
    exit: 3,
    http: 401,
    hint: 'send Authorization: Bearer TOKEN; programs of fauxlm take the token from FAUXLM_HTTP_TOKEN',
  },
  CONTROL_ROLE: { exit: 3, http: 403, hint: 'ask who runs the server for a token of that role' },
  CONTROL_OIDC: {
    exit: 3,
    http: 503,
    hint: 'see that the server reaches the issuer, and that it is an OpenID Connect issuer',
  },
  CONTROL_SESSION: {
    exit: 3,
    http: 404,
    hint: 'begin one with POST /sessions; it ends with DELETE /sessions or the server',
  },
  CONTROL_SCENARIO: {
    exit: 3,
    http: 409,
    hint: 'start the server with --scenarios DIR, a folder of scenario files',
  },
  CONTROL_SNAPSHOT: {
    exit: 3,
    http: 409,
    hint: 'load it into a server of the same license, options and kind of clock',
  },
  CONTROL_RATE: { exit: 3, http: 429, hint: 'wait as long as Retry-After says' },
  CONTROL_AUDIT: { exit: 3, http: 503, hint: 'make room for the audit log; nothing was changed' },
  CONTROL_ROUTE: { exit: 3, http: 404, hint: 'see docs/control-plane.md' },
  CONTROL_METHOD: { exit: 3, http: 405, hint: 'see docs/control-plane.md' },
  CONTROL_TOO_SLOW: { exit: 3, http: 408, hint: 'send a whole request without pausing' },
  CONTROL_TOO_LARGE: { exit: 2, http: 413, hint: 'bodies are limited to 1 MiB, headers to 16 KiB' },
  CONTROL_MEDIA: { exit: 2, http: 415, hint: 'send JSON: Content-Type: application/json' },
  CONTROL_DEFECT: {
    exit: 3,
    http: 500,
    hint: "the server's operational log has the details; please report it",
  },
  CONTROL_BUSY: { exit: 3, http: 503, hint: 'wait for the answers to earlier requests' },
  PLAN_NOT_A_LOG: {
    exit: 2,
    http: 400,
    hint: 'give debug logs, samples (say of which --kind), or a folder that fauxlm ingest wrote',
  },
  PLAN_TOO_LARGE: { exit: 2, http: 413, hint: 'ingest fewer at a time, one license server a site' },
  PLAN_STORE: { exit: 2, http: 400, hint: 'ingest anew, into an empty folder' },
  QUERY_DUCKDB: {
    exit: 3,
    http: 503,
    hint: 'run npm install @duckdb/node-api@1.5.6-r.1 (-g where fauxlm was installed so); plan and report do without',
  },
  QUERY_SQL: { exit: 2, http: 400, hint: 'see docs/query.md; DESCRIBE events says what there is' },
  PLAN_INCONCLUSIVE: {
    exit: 5,
    http: 409,
    hint: 'give logs or samples of more weeks, or ask for a higher --deny',
  },
  ADMIN_REFUSED: { exit: 1, http: 403, hint: 'the license manager does not allow this command' },
} as const satisfies Record<string, { exit: number; http: number; hint: string }>;

export type ErrorCode = keyof typeof errorCodes;

/**
 * An error we know: bad input, a bad peer, a bad environment. Its message is for people and reads
 * "where: expected what, got what"; programs use `code` and `details`.
 */
export class KnownError extends Error {
  override readonly name = 'KnownError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.details = details;
  }

  get exit(): number {
    return errorCodes[this.code].exit;
  }

  get hint(): string {
    return errorCodes[this.code].hint;
  }
}

/** Catches our own mistakes, never a user's: stays on in production. */
export function assert(holds: boolean, promise: string): asserts holds {
  if (!holds) throw new Error(`fauxlm defect: ${promise}`);
}

/** Makes a switch over a union complete at compile time. */
export function unreachable(value: never): never {
  throw new Error(`fauxlm defect: unexpected ${JSON.stringify(value)}`);
}
