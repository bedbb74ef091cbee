import type { Finding } from '../domain/source.ts';
import type { OptionsComplaints } from '../text/debug-log-options.ts';
import type { VendorEntry } from './catalog.ts';

/** Lines that are read and mean nothing here. */
export const notEmulated = 'not-emulated';

/** What is to be told of an entry's options file, of all that lint has found. */
export function optionsComplaintsOf(
  { options, optionsMissing }: VendorEntry,
  findings: readonly Finding[],
): OptionsComplaints {
  const missing = optionsMissing === undefined ? {} : { missing: optionsMissing };
  if (options === undefined) return missing;
  const here = findings.filter(({ file }) => file === options.source.name);
  return {
    ...missing,
    faults: here.filter(({ severity }) => severity === 'error'),
    unemulated: here.filter(({ rule }) => rule === notEmulated),
  };
}
