import type { LoggedEvent, OptionsFile, OptionsRule } from './model.ts';

/** The lines of an options file that could be understood, in order. */
export function optionsRules(file: OptionsFile | undefined): readonly OptionsRule[] {
  return (file?.lines ?? []).filter((line) => line.kind === 'rule');
}

/** The events whose debug-log lines an options file suppresses. Source: LAG, "NOLOG". */
export function unloggedEvents(file: OptionsFile | undefined): ReadonlySet<LoggedEvent> {
  return new Set(
    optionsRules(file).flatMap(({ rule }) => (rule.keyword === 'NOLOG' ? [rule.event] : [])),
  );
}
