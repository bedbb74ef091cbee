import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { type ErrorCode, errorCodes, KnownError } from '../base/errors.ts';

/** What every failed request is answered with. */
export interface ErrorAnswer {
  readonly error: {
    readonly code: ErrorCode;
    /** For people: where, expected what, got what. */
    readonly message: string;
    /** What to do about it. */
    readonly hint: string;
  };
}

export function errorAnswer(error: KnownError): ErrorAnswer {
  const { code, message, hint } = error;
  return { error: { code, message, hint } };
}

export function httpStatus(error: KnownError): number {
  return errorCodes[error.code].http;
}

/** What the HTTP library throws, by its status, in our words. */
const libraryErrors: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  400: ['CONTROL_REQUEST', 'body: expected JSON, got something else'],
  404: ['CONTROL_ROUTE', 'expected a path that is one, got a broken one'],
  413: ['CONTROL_TOO_LARGE', 'body: expected at most 1 MiB, got more'],
  414: ['CONTROL_TOO_LARGE', 'path: expected a shorter one'],
  415: ['CONTROL_MEDIA', 'Content-Type: expected application/json, got another'],
};

/** Any failure as one that we know; a defect of ours becomes CONTROL_DEFECT and is told to `defect`. */
export function asKnownError(error: unknown, defect: (error: unknown) => void): KnownError {
  if (error instanceof KnownError) return error;
  const { statusCode } = error as { readonly statusCode?: number };
  const known = libraryErrors[statusCode ?? 0];
  if (known) return new KnownError(known[0], known[1]);
  defect(error);
  return new KnownError('CONTROL_DEFECT', 'expected an answer, got a defect of fauxlm');
}

/** A request that could not even be read, by Node's name for why. */
const unreadable: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['CONTROL_TOO_LARGE', 'headers: expected at most 16 KiB, got more'],
  ERR_HTTP_REQUEST_TIMEOUT: ['CONTROL_TOO_SLOW', 'expected a whole request in time, got a part'],
};

/** The whole answer to a request that is no HTTP. */
export function rawErrorAnswer(cause: { readonly code?: string }): string {
  const [code, message] = unreadable[cause.code ?? ''] ?? [
    'CONTROL_REQUEST' as const,
    'expected an HTTP request, got something else',
  ];
  const error = new KnownError(code, message);
  const body = `${JSON.stringify(errorAnswer(error))}\n`;
  return [
    `HTTP/1.1 ${httpStatus(error)} ${STATUS_CODES[httpStatus(error)]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/** The method and path of a request, shortened, for a message. */
export function requestLine({ method, url }: IncomingMessage): string {
  const path = (url ?? '').split('?', 1)[0]!;
  return `${method} ${path.length > 60 ? `${path.slice(0, 57)}...` : path}`;
}
