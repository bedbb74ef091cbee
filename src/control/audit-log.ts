import { closeSync, openSync, writeSync } from 'node:fs';
import { KnownError } from '../base/errors.ts';
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

/**
 * Who changed what: a line of JSON before each change, and one with its outcome behind it, at the end of a file that is
 * only ever added to. A change that cannot be written down is not made.
 */
export class AuditLog {
  readonly #path: string;
  readonly #file: number;
  #count = 0;
  #closed = false;

  /** @throws KnownError FILE_UNREADABLE when it cannot be written */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = openSync(path, 'a', 0o600);
    } catch (cause) {
      const got = (cause as NodeJS.ErrnoException).code ?? 'an error';
      const text = `${path}: expected a file that can be added to, got ${got}`;
      throw new KnownError('FILE_UNREADABLE', text, { path }, { cause });
    }
  }

  /** Writes down what is asked for; gives what writes down its outcome. @throws KnownError CONTROL_AUDIT */
  begin({ caller, address, method, path, body }: AskedChange): (status: number) => void {
    const change = `${process.pid}-${++this.#count}`;
    const { name, role } = caller;
    const told = shortened(body);
    this.#write({ change, by: name, role, address, ask: `${method} ${path}`, ...told });
    return (status) => this.#write({ change, status });
  }

  close(): void {
    if (!this.#closed) closeSync(this.#file);
    this.#closed = true;
  }

  #write(entry: object): void {
    // The last answers come after the end.
    if (this.#closed) return;
    const line = `${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`;
    try {
      writeSync(this.#file, line);
    } catch (cause) {
      const got = (cause as NodeJS.ErrnoException).code ?? 'an error';
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
