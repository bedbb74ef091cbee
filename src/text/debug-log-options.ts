import { printable } from './wording.ts';

/** What a vendor daemon has to say of its options file, at start and reread. */
export interface OptionsComplaints {
  /** Of lines at fault, in file order. */
  readonly faults?: readonly OptionsComplaint[];
  /** Of lines about what is not emulated. */
  readonly unemulated?: readonly OptionsComplaint[];
  /** The file that the VENDOR line names, when it is not there. */
  readonly missing?: string;
}

export interface OptionsComplaint {
  readonly line: number;
  readonly message: string;
}

/** Lines told at a time: a wrong file may have a thousand. */
const TOLD_MAX = 20;

/**
 * Bad lines are told in the debug log, and the daemon goes on. Real daemons do so in words that nobody has published;
 * ours. Of a missing file older manuals have the text.
 */
export function optionsComplaintLines(complaints: OptionsComplaints): string[] {
  const { faults = [], unemulated = [], missing } = complaints;
  return [
    ...(missing === undefined ? [] : [`CANNOT OPEN options file ${printable(missing)}`]),
    ...linesOf('error in options file', faults),
    ...linesOf('not emulated, in options file', unemulated),
  ];
}

function linesOf(what: string, all: readonly OptionsComplaint[]): string[] {
  const told = all
    .slice(0, TOLD_MAX)
    .map(({ line, message }) => `fauxlm: ${what}, line ${line}: ${printable(message)}`);
  const left = all.length - told.length;
  return left > 0 ? [...told, `fauxlm: ${what}: ${left} more; see fauxlm lint`] : told;
}
