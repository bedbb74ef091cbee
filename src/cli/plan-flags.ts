import type { Argv } from 'yargs';
import type { SourceKind } from '../plan/samples/source-kind-names.ts';
import { logTimeZone, sourceKind, sourcesPositional } from './log-flags.ts';

/** What `fauxlm plan` is given. */
export interface PlanArguments {
  readonly sources: readonly string[];
  readonly kind: SourceKind | undefined;
  readonly feature: string | undefined;
  readonly site: string | undefined;
  readonly deny: string;
  readonly have: string | undefined;
  readonly license: readonly string[];
  readonly options: readonly string[];
  readonly whatIf: readonly string[];
  readonly groups: string | undefined;
  readonly seatCost: string | undefined;
  readonly deniedHourCost: string | undefined;
  readonly termCost: string | undefined;
  readonly prices: string | undefined;
  readonly budget: string | undefined;
  readonly replications: string;
  readonly workers: string | undefined;
  readonly resume: string | undefined;
  readonly shard: string | undefined;
  readonly window: string;
  readonly timeZone: string | undefined;
  readonly seed: string;
  readonly format: 'text' | 'json' | 'csv' | 'markdown';
  readonly json: boolean;
  readonly jsonFile: string | undefined;
  readonly csv: string | undefined;
  readonly markdown: string | undefined;
  readonly html: string | undefined;
}

const list = { type: 'string', array: true, default: [] as string[] } as const;
const text = { type: 'string' } as const;

/** The flags of `fauxlm plan`. */
export function planFlags(yargs: Argv): Argv {
  return yargs
    .positional('sources', sourcesPositional)
    .options({
      feature: { ...text, describe: 'this feature only [all, by need]' },
      site: { ...text, describe: 'of a folder that has several' },
      kind: sourceKind,
      deny: { ...text, default: '1%', describe: 'share of starts that may be denied' },
      have: { ...text, describe: 'seats you have now [by license or source]' },
      license: { ...list, describe: 'license files whose rules count, with their options files' },
      options: { ...list, describe: 'VENDOR=FILE: options files' },
      'what-if': { ...list, describe: "the same history otherwise: 'growth 20%, linger 10m'" },
      groups: { ...text, describe: 'an options file whose GROUP lines say who is who' },
      window: {
        ...text,
        default: '15m',
        describe: 'denials of a user with shorter pauses are one',
      },
    })
    .options({
      'seat-cost': { ...text, describe: 'what a seat costs a year' },
      'denied-hour-cost': { ...text, describe: 'what an hour costs that was refused' },
      'term-cost': { ...text, describe: 'what a seat costs for a single month' },
      prices: { ...text, describe: 'a CSV file: feature,seat_year,denied_hour,term_month' },
      budget: { ...text, describe: 'money for seats a year: say how to spend it' },
    })
    .options({
      replications: { ...text, default: '0', describe: 'histories drawn anew at the answer' },
      workers: { ...text, describe: 'threads that replay [one a processor]' },
      resume: { ...text, describe: 'a folder that keeps what is done, to go on from' },
      shard: { ...text, describe: 'I/N: replay this part only, into --resume' },
      seed: { ...text, default: '1', describe: 'what every random choice comes from' },
      'time-zone': logTimeZone,
    })
    .options({
      format: {
        choices: ['text', 'json', 'csv', 'markdown'] as const,
        default: 'text' as const,
        describe: 'what is printed',
      },
      json: { type: 'boolean', default: false, describe: 'the same as --format json' },
      'json-file': { ...text, describe: 'write JSON to a file' },
      csv: { ...text, describe: 'write a row a feature to a file' },
      markdown: { ...text, describe: 'write a report in Markdown to a file' },
      html: { ...text, describe: 'write a page with plots to a file' },
    });
}
