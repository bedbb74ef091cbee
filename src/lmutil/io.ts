import type { networkInterfaces } from 'node:os';
import type { EpochMs } from '../base/clock.ts';
import type { ClientIdentity } from '../client/identity.ts';

/** Everything the tools take from the world and give to it, so that a test can be the world. */
export interface LmutilIo {
  /** Writes to standard output; resolves when more may be written. Does nothing once nobody reads. */
  print(text: string): Promise<void>;
  /** Whether the reader of standard output has gone away. */
  readonly deserted: boolean;
  /** Writes to standard error: wrong usage only. */
  complain(text: string): void;
  /** Prints a question and reads a line of standard input; undefined at its end. */
  ask(question: string): Promise<string | undefined>;
  now(): EpochMs;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The user's home directory, where there is one. */
  readonly home?: string;
  /** Who asks. */
  identity(): ClientIdentity;
  interfaces(): ReturnType<typeof networkInterfaces>;
  /** A small file of the system; undefined when it is not there or not readable. */
  systemFile(path: string): string | undefined;
}
