import { closeSync, openSync, writeSync } from 'node:fs';
import { KnownError } from '../base/errors.ts';
import type { Notice } from '../daemon/server-config.ts';
import type { Caller } from './tokens.ts';

/** Of what was asked; a body may have a mebibyte. */
const BODY_CHARACTERS_MAX = 2_000;

/** A change that somebody asks for. */
export interface AskedChange {
  readonly caller: Caller;
  readonly address: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

export interface AuditOptions {
  /** Tells the changes of several logs of one file apart. */
  readonly kind?: string;
  readonly notice: Notice;
}

/**
 * Who changed what: a line of JSON before each change, and one with its outcome behind it, at the end of a file that is
 * only ever added to. A change that cannot be written down is not made.
 */
export class AuditLog {
  readonly #path: string;
  readonly #file: number;
  readonly #options: AuditOptions;
  #count = 0;
  #closed = false;
  /** The end of the file is part of a line. */
  #isCut = false;

  /** @throws KnownError FILE_UNREADABLE when it cannot be written */
  constructor(path: string, options: AuditOptions) {
    this.#path = path;
    this.#options = options;
    try {
      this.#file = openSync(path, 'a', 0o600);
    } catch (cause) {
      const got = (cause as NodeJS.ErrnoException).code ?? 'an error';
      const text = `${path}: expected a file that can be added to, got ${got}`;
      throw new KnownError('FILE_UNREADABLE', text, { path }, { cause });
    }
  }

  /**
   * Writes down what is asked for; gives what writes down its outcome. Where there is no room left for that, only the
   * operational log tells: what was asked for has happened then.
   * @throws KnownError CONTROL_AUDIT
   */
  begin({ caller, address, method, path, body }: AskedChange): (status: number) => void {
    const change = `${process.pid}-${this.#options.kind ?? ''}${++this.#count}`;
    const { name, role } = caller;
    const told = shortened(body);
    this.#write({ change, by: name, role, address, ask: `${method} ${path}`, ...told });
    return (status) => {
      try {
        this.#write({ change, status });
      } catch (error) {
        this.#options.notice('outcome of a change is missing in the audit log', { change, error });
      }
    };
  }

  close(): void {
    if (!this.#closed) closeSync(this.#file);
    this.#closed = true;
  }

  #write(entry: object): void {
    // The last answers come after the end.
    if (this.#closed) return;
    const line = Buffer.from(`${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
    try {
      if (this.#isCut) writeSync(this.#file, '\n');
      this.#isCut = false;
      const written = writeSync(this.#file, line);
      if (written === line.length) return;
      this.#isCut = true;
      throw new Error('a part of the line only');
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      const got = code ?? message;
      const text = `${this.#path}: expected room for a line of the audit log, got ${got}`;
      throw new KnownError('CONTROL_AUDIT', text, {}, { cause });
    }
  }
}

function shortened(body: unknown): { body?: unknown } {
  if (body === undefined || body === null) return {};
  const text = JSON.stringify(body);
  if (text.length <= BODY_CHARACTERS_MAX) return { body };
  return { body: `${text.slice(0, BODY_CHARACTERS_MAX)}...` };
}
