import type { EpochMs } from '../base/clock.ts';
import type { Refusal } from '../base/refusal.ts';
import type { JournalEvent } from '../daemon/journal.ts';

/** A request for seats as a scenario makes it. */
export interface StandCheckout {
  readonly feature: string;
  readonly user: string;
  readonly host: string;
  readonly count: number;
  readonly version: string;
  readonly data: string;
  readonly vendor?: string;
  readonly display?: string;
  readonly project?: string;
  /** How long it waits for each answer, on the machine's clock. */
  readonly patienceMs?: number;
  /** It runs in a remote-desktop session. */
  readonly remoteDesktop?: boolean;
  /** The node or CPU of a parallel build that it is for. */
  readonly node?: string;
  /** Waits for its turn when all are in use. */
  readonly wait?: boolean;
  /** To take along, for that long or until then. */
  readonly borrow?: string;
  /** Asks that server only; every server of the scenario in order without. */
  readonly server?: string;
}

/** What became of a request. */
export type CheckoutOutcome = { readonly client: string } & (
  | {
      readonly kind: 'granted';
      readonly vendor: string;
      readonly version: string;
      readonly server: string;
    }
  | { readonly kind: 'queued'; readonly ahead: number }
  | { readonly kind: 'denied'; readonly refusal: Refusal; readonly text: string }
);

/** A license that somebody holds, waits for, or has lost. */
export interface StandHolding {
  /** `ann@ws1` */
  readonly client: string;
  readonly feature: string;
  readonly state: 'held' | 'waiting' | 'lost' | 'refused';
  /** The server that granted it. */
  readonly server?: string;
}

/** What a program printed, and how it ended. */
export interface StandOutput {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** An event, and whose it was. */
export interface StandEvent {
  readonly server: string;
  readonly vendor: string;
  readonly event: JournalEvent;
}

/** Whom a step is about. */
export interface Holder {
  readonly client?: string;
  readonly feature?: string;
  /** One checkout of so many licenses, the oldest. */
  readonly count?: number;
}

/** Files that take the place of those a server has. */
export interface ServerFiles {
  /** The text of a license file. */
  readonly license?: string;
  /** The texts of options files, by vendor daemon. */
  readonly options?: Readonly<Record<string, string>>;
}

/** How a server is started, beside that it is. */
export interface StartOrder extends ServerFiles {
  /** Its license file is taken away first. */
  readonly missing?: boolean;
  /** The license file's permissions, as chmod takes them: `0000`. */
  readonly mode?: string;
  /** Somebody else listens on its port meanwhile. */
  readonly taken?: boolean;
}

/** A fault of a server: what it is called when it is taken back, and of what kind it is. */
export interface StandFault {
  readonly id: string;
  readonly fault: string;
}

/** How a feature of a vendor daemon stands. */
export interface StandFeature {
  readonly name: string;
  /** Licenses out. */
  readonly used: number;
  /** Requests that wait. */
  readonly waiting: number;
  /** Licenses reserved and idle. */
  readonly reserved: number;
  readonly pools: readonly StandPool[];
}

export interface StandPool {
  readonly id: string;
  /** Absent where any number may be out, and where no line of it is valid. */
  readonly capacity?: number;
  readonly used: number;
}

/** A license server of a scenario: one, or the three of a triad under one name. */
export interface ScenarioServer {
  readonly name: string;
  /** `27000@host`, or the three of a triad with commas. */
  readonly address: string;
  readonly up: boolean;
  /** @throws KnownError when it cannot start: with the exit status and the words of `fauxlm serve` */
  start(order?: StartOrder): Promise<void>;
  /** Orderly end. */
  stop(): Promise<void>;
  /** As kill -9 does. */
  kill(): Promise<void>;
  killDaemon(vendor: string | undefined): Promise<void>;
  reread(files: ServerFiles): Promise<void>;
  /** The triad that it is a member of. */
  readonly triad?: string | undefined;
  /** How members of its triad are kept apart by `partition`. */
  readonly groups?: string | undefined;
  /** Keeps members of its triad apart, in groups such as `one|two,three`; undefined ends that. */
  partition?(groups: string | undefined): Promise<void>;
  /** Puts a fault in force: `NAME word=value ...`. @throws KnownError USAGE for one that is none */
  arm(fault: string): Promise<void>;
  /** The faults that were put in force and not taken back, also those whose time is over. */
  faults(): Promise<readonly StandFault[]>;
  /** Takes a fault back. */
  disarm(id: string): Promise<void>;
  /** Cuts clients off as a broken network does, nobody is told; gives how many. */
  silence(user: string, host: string): Promise<number>;
  /** The features of all its vendor daemons that are up. */
  features(): Promise<readonly StandFeature[]>;
  /** What Prometheus would read, where there is a server; '' while it is down. */
  metrics?(): Promise<string>;
  /** The debug log so far, or another log in its folder; undefined when there is none of that name. */
  log(file?: string): Promise<string | undefined>;
}

/** What a step, an expectation or a setup needs of a stand, and what that is: not every stand has all. */
export const needs = {
  tools: 'programs that ask the server over the network',
  lives: 'servers that can be stopped, killed and put faults on',
  clock: 'a clock that can be moved',
  files: 'a server whose files can be changed',
  counts: 'how many licenses are out',
  records: "the server's journal and ledger",
  metrics: "the server's metrics",
  log: "the server's debug log",
  many: 'several servers',
  permissions: 'a user whom file permissions bind: not root',
} as const;

export type Need = keyof typeof needs;

/** What carries out the steps of one run of one scenario: it alone knows whether there are sockets. */
export interface Stand {
  now(): EpochMs;
  /** Moves time; what falls due on the way happens, each thing at its own time. */
  moveTo(at: EpochMs): Promise<void>;
  /** Resolves when all that follows at once from what was done has happened. */
  settled(): Promise<void>;
  /** Starts the servers. @throws KnownError of one that cannot; nothing is left running then */
  start(): Promise<void>;
  readonly servers: readonly ScenarioServer[];
  /** A folder of this run, removed after it. */
  readonly folder: string;
  /** Every event so far, of all servers, in the order in which they happened. */
  readonly events: readonly StandEvent[];
  checkout(request: StandCheckout): Promise<CheckoutOutcome>;
  /** Gives back what the client holds; how much that was. */
  checkin(who: Holder): Promise<number>;
  /** Ends a client as kill -9 does; how many holdings that was. */
  killClient(who: Holder): number;
  /** Whether the application is in use. */
  use(client: string, inUse: boolean): Promise<number>;
  holdings(): readonly StandHolding[];
  lmutil(words: readonly string[], as: { user: string; host: string }): Promise<StandOutput>;
  /** What an environment needs so that a program finds the servers. */
  environment(server?: string): Readonly<Record<string, string>>;
  /** Why a request gets the answer it gets, in lines. */
  explain(request: StandCheckout): Promise<readonly string[]>;
  /** A text without what differs from run to run: ports, folders, the machine's name. */
  normalized(text: string): string;
  stop(): Promise<void>;
}
