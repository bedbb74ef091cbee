import type { Options } from 'yargs';
import { KnownError } from '../base/errors.ts';
import { checkOutputs } from './output-files.ts';

/** What an answer may be instead of text for people. */
export type AnswerForm = 'csv' | 'json' | 'markdown';

/** What is told of forms on the command line: `--csv` and the like, `--csv-file` and the like, `--format`. */
export interface FormArguments {
  readonly format: string;
  readonly csv?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly markdown?: boolean | undefined;
  readonly csvFile?: string | undefined;
  readonly jsonFile?: string | undefined;
  readonly markdownFile?: string | undefined;
}

const names: Readonly<Record<AnswerForm, string>> = {
  csv: 'CSV',
  json: 'JSON',
  markdown: 'Markdown',
};
const forms = Object.keys(names) as AnswerForm[];

/** One convention for all commands: `--json` prints it, `--json-file FILE` writes it beside what is printed. */
export function formFlags(own: readonly AnswerForm[]): Record<string, Options> {
  const flags = own.map((form): [string, Options] => [
    form,
    { type: 'boolean', default: false, describe: `the same as --format ${form}` },
  ]);
  const files = own.map((form): [string, Options] => [
    `${form}-file`,
    { type: 'string', nargs: 1, describe: `write ${names[form]} to a file` },
  ]);
  return Object.fromEntries([...flags, ...files]);
}

/** The form that is printed: a flag of its own says so, else `--format`. @throws KnownError USAGE for two flags */
export function printedForm(args: FormArguments): string {
  const given = forms.filter((form) => args[form] === true);
  if (given.length <= 1) return given[0] ?? args.format;
  const flags = given.map((form) => `--${form}`).join(', ');
  const got = given.length === 2 ? 'both' : 'all';
  throw new KnownError('USAGE', `${flags}: expected one of them, got ${got}`);
}

/** The files that are wanted, each with its form. */
export function formFiles(args: FormArguments): readonly (readonly [AnswerForm, string])[] {
  return forms.flatMap((form) => {
    const path = args[`${form}File`];
    return path === undefined ? [] : [[form, path] as const];
  });
}

/**
 * Looks at the files of forms, and at `others` by their flags, before the work begins.
 * @throws KnownError USAGE, and as `checkOutputs` does
 */
export function checkFormFiles(
  args: FormArguments,
  others: Readonly<Record<string, string | undefined>> = {},
): void {
  const own = formFiles(args).map(([form, path]) => [`--${form}-file`, path] as const);
  const files = { ...Object.fromEntries(own), ...others };
  for (const [flag, path] of Object.entries(files)) {
    if (path !== '') continue;
    throw new KnownError('USAGE', `${flag}: expected a file behind it, got nothing`);
  }
  checkOutputs(files);
}
