import type { CallKind } from './common-words.ts';

/** One thing that a client asks of a manager or a vendor daemon: what a fault's scope is held against. */
export interface Call {
  readonly server: 'manager' | 'vendor';
  /** The daemon that is asked, or asked for; '' for a question to the manager itself. */
  readonly vendor: string;
  readonly on: CallKind;
  /** Absent where nobody has said it yet, or where it is about none. */
  readonly user?: string | undefined;
  readonly host?: string | undefined;
  readonly feature?: string | undefined;
}
