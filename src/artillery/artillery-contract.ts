/** What Artillery gives an engine and takes from it; as in its releases 2.0.21 (Node 20) to 2.0.34. */

/** The parts of a script that an engine looks at; Artillery checks none of them. */
export interface ArtilleryScript {
  readonly config?: {
    readonly target?: unknown;
    readonly engines?: Readonly<Record<string, unknown>>;
    /** Functions of the script's own. */
    readonly processor?: Readonly<Record<string, unknown>>;
  };
}

/** One of the script's scenarios. */
export interface ScenarioSpec {
  readonly name?: unknown;
  readonly flow?: unknown;
}

/** Where an engine tells what it counts and times. */
export interface Emitter {
  emit(kind: string, ...values: readonly unknown[]): unknown;
}

/** What a virtual user knows: its variables. */
export interface UserContext {
  readonly vars: Record<string, unknown>;
}

/** What Artillery does for every engine. */
export interface Helpers {
  /** Puts variables into `{{ name }}`, in texts and in what has texts in it. */
  template(value: unknown, context: UserContext): unknown;
}

/** Called once by each virtual user at its end. */
export type Finished = (error: Error | null, context: UserContext) => void;

/** A scenario made ready: what one virtual user does. */
export type UserRun = (context: UserContext, finished: Finished) => void;
