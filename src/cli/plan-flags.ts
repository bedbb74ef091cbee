import { existsSync } from 'node:fs';
import type { Argv } from 'yargs';
import { KnownError } from '../base/errors.ts';
import type { SourceKind } from '../plan/samples/source-kind-names.ts';
import { type FormArguments, formFlags } from './answer-forms.ts';
import { logTimeZone, repeated, sourceKind, sourcesPositional } from './log-flags.ts';

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
  /** Empty without a file behind it. */
  readonly csv: string | undefined;
  readonly csvFile: string | undefined;
  /** Empty without a file behind it. */
  readonly markdown: string | undefined;
  readonly markdownFile: string | undefined;
  readonly html: string | undefined;
}

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
      license: {
        ...repeated,
        describe: 'a license file whose rules count, with its options file; may be repeated',
      },
      options: {
        ...repeated,
        describe: 'options file of a vendor daemon, as VENDOR=FILE; may be repeated',
      },
      'what-if': {
        ...repeated,
        describe: "the same history otherwise, as 'growth 20%, linger 10m'; may be repeated",
      },
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
      ...formFlags(['json', 'csv', 'markdown']),
      csv: { ...text, describe: 'the same as --format csv; --csv FILE is --csv-file' },
      markdown: {
        ...text,
        describe: 'the same as --format markdown; --markdown FILE is --markdown-file',
      },
      html: { ...text, describe: 'write a page with plots to a file' },
    });
}

/** What is asked for in which form: `--csv FILE` is older than `--csv-file`. @throws KnownError USAGE */
export function planForms(args: PlanArguments): FormArguments {
  const { format, json, jsonFile } = args;
  const csv = eitherOf('csv', args.csv, args.csvFile);
  const markdown = eitherOf('markdown', args.markdown, args.markdownFile);
  return {
    ...{ format, json, jsonFile },
    ...{ csv: csv.isPrinted, csvFile: csv.file },
    ...{ markdown: markdown.isPrinted, markdownFile: markdown.file },
  };
}

function eitherOf(
  form: 'csv' | 'markdown',
  value: string | undefined,
  file: string | undefined,
): { readonly isPrinted: boolean; readonly file: string | undefined } {
  if (value === undefined || value === '') return { isPrinted: value === '', file };
  if (file !== undefined) {
    const text = `--${form}-file: expected one file, got ${file} and ${value} behind --${form}`;
    throw new KnownError('USAGE', text);
  }
  // A log that the flag has swallowed would be overwritten.
  if (existsSync(value) && !endings[form].test(value)) {
    const text = `--${form}: expected nothing, or a file to write, got ${value}, which is there already`;
    throw new KnownError('USAGE', `${text}; put --${form} last, or write --${form}-file ${value}`);
  }
  return { isPrinted: false, file: value };
}

const endings = { csv: /\.(csv|txt)$/i, markdown: /\.(md|markdown|txt)$/i };
