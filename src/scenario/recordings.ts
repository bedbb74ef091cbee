import { dirname, join } from 'node:path';
import { KnownError } from '../base/errors.ts';
import { readSource } from '../files/license-sources.ts';
import { writeWhole } from '../files/whole-file.ts';

/** Outputs that are recorded in files beside the scenarios; one for all scenarios of a run. */
export class Recordings {
  readonly #update: boolean;
  /** What was recorded in this run: whether the file had something else before. */
  readonly #recorded = new Map<string, boolean>();

  /** With `update`, what is got takes the place of what was recorded. */
  constructor(update: boolean) {
    this.#update = update;
  }

  /** The files that were written because they had something else, or were not there. */
  get written(): readonly string[] {
    return [...this.#recorded].filter(([, isNew]) => isNew).map(([file]) => file);
  }

  /** The text of a recording beside `beside`, in the place of which `got` is put where that is asked for. */
  textOf(name: string, { beside, got }: { readonly beside: string; readonly got: string }) {
    const file = join(dirname(beside), name);
    const before = readOrNothing(file);
    // What this run has written is not written again: two steps that differ want two files.
    if (!this.#update || this.#recorded.has(file)) return { file, text: before };
    this.#recorded.set(file, before !== got);
    if (before !== got) writeWhole(file, got);
    return { file, text: got };
  }
}

function readOrNothing(file: string): string | undefined {
  try {
    return readSource(file).text.replaceAll('\r\n', '\n');
  } catch (error) {
    if (error instanceof KnownError) return undefined;
    throw error;
  }
}
