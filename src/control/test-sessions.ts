import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { KnownError } from '../base/errors.ts';
import { limits } from '../base/limits.ts';
import type { LicenseServer } from '../daemon/server.ts';

/** The header that names the session a request is of. */
export const sessionHeader = 'fauxlm-session';

/**
 * No process of a Linux machine has such a number: 4,194,304 are all there may be. Every event, seat and request of a
 * session's clients has its session's, so that they are told apart from others without a second way.
 * Source: proc(5), pid_max.
 */
const FIRST_PID = 0x0080_0000;

const lastPids = new WeakMap<LicenseServer, number>();

/** A process id that stands for the clients of one session of a server, and is never used again. */
export function newSessionPid(server: LicenseServer): number {
  const pid = (lastPids.get(server) ?? FIRST_PID) + 1;
  lastPids.set(server, pid);
  return pid;
}

/** One of several tests that use a server at the same time. */
export interface TestSession {
  /** Names it to every request of its test. */
  readonly token: string;
  readonly name: string;
  /** Of its clients. */
  readonly pid: number;
  /** Ids of the faults that it has put in force. */
  readonly faults: Set<string>;
  /** Events before this number are those of before its latest reset. */
  firstEvent: number;
}

/** The sessions of a control plane. */
export class TestSessions {
  readonly #server: LicenseServer;
  readonly #sessions = new Map<string, TestSession>();

  constructor(server: LicenseServer) {
    this.#server = server;
  }

  get all(): readonly TestSession[] {
    return [...this.#sessions.values()];
  }

  /** @throws KnownError CONTROL_BUSY when there are as many as may be */
  begin(name: string): TestSession {
    if (this.#sessions.size >= limits.httpSessionsMax) {
      const text = `expected at most ${limits.httpSessionsMax} sessions at a time, got one more`;
      throw new KnownError('CONTROL_BUSY', text);
    }
    const token = randomBytes(12).toString('hex');
    const firstEvent = this.#server.journal.count + 1;
    const pid = newSessionPid(this.#server);
    const session = { token, name, pid, faults: new Set<string>(), firstEvent };
    this.#sessions.set(token, session);
    return session;
  }

  /** The one that a request names; undefined when it names none. @throws KnownError CONTROL_SESSION */
  of(headers: IncomingHttpHeaders): TestSession | undefined {
    const token = headers[sessionHeader];
    return token === undefined ? undefined : this.get(String(token));
  }

  /** @throws KnownError CONTROL_SESSION when there is none */
  get(token: string): TestSession {
    const session = this.#sessions.get(token);
    if (session !== undefined) return session;
    const text = `${sessionHeader}: expected one that POST /sessions began, got another`;
    throw new KnownError('CONTROL_SESSION', text);
  }

  end({ token }: TestSession): void {
    this.#sessions.delete(token);
  }

  /** After a reset of the server events begin at 1, and no faults are there. */
  beginAnew(): void {
    for (const session of this.all) {
      session.faults.clear();
      session.firstEvent = 1;
    }
  }
}
