import type { SourceText } from '../source.ts';
import type { OptionsFile } from './model.ts';

/** PROVISIONAL: to be replaced by the real parser (license/options helper). */
export function parseOptionsFile(source: SourceText): OptionsFile {
  return { source, lines: [], findings: [] };
}
