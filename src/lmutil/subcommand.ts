import type { Refusal } from '../base/refusal.ts';
import type { Dialect } from '../text/lmstat-dialect.ts';
import type { FlagTable, FlagValues } from './flags.ts';
import type { LmutilIo } from './io.ts';

/** Flags of every tool. Source: LAG, "Common Arguments"; the last two are ours. */
export const commonFlags = {
  c: {
    takes: 'value',
    value: 'path',
    summary: 'license files, directories, port@host, @host; a triad as a comma list',
  },
  help: { takes: 'nothing', summary: 'print this' },
  v: { takes: 'nothing', summary: 'print the version' },
  verbose: { takes: 'nothing', summary: 'explain errors at length' },
  dialect: {
    takes: 'value',
    value: 'name',
    summary: 'write as lmutil of this release or vendor does: 9.2, comsol, 11.16.2+windows',
  },
  'exit-status': {
    takes: 'nothing',
    summary: "exit with the error's code even where the dialect exits with 0",
  },
} as const satisfies FlagTable;

type CommonFlags = typeof commonFlags;

/** How a tool was called, apart from its own flags. */
export interface Call {
  readonly io: LmutilIo;
  /** The program in the banner: `lmutil`, or the tool that was called by its own name. */
  readonly program: string;
  readonly dialect: Dialect;
  /** Whether the user asked for it; else the servers have a say. */
  readonly isDialectChosen: boolean;
}

/** One of lmutil's tools. */
export interface Subcommand<F extends FlagTable = FlagTable> {
  readonly name: string;
  /** Operands for the usage text, such as `feature user host display`. */
  readonly operands: readonly string[];
  readonly flags: F;
  /**
   * Does it and prints the result, banner included. The refusal it comes to is the exit status.
   * @throws KnownError USAGE
   */
  run(
    flags: FlagValues<F & CommonFlags>,
    operands: readonly string[],
    call: Call,
  ): Promise<Refusal | undefined>;
}

/** Defines a tool, so that `run` sees its flags typed. */
export function subcommand<const F extends FlagTable>(definition: Subcommand<F>): Subcommand {
  return definition as unknown as Subcommand;
}
