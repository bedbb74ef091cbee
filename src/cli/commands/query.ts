import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import type { QueryForm } from '../../plan/query/query-forms.ts';
import {
  checkFormFiles,
  type FormArguments,
  formFiles,
  formFlags,
  printedForm,
} from '../answer-forms.ts';
import { standardInput } from '../dashes.ts';
import { withExamples } from '../examples.ts';
import { exitStatus } from '../exit.ts';
import { timeZoneName, wholeNumber } from '../flag-values.ts';
import { interruptible } from '../interruptible.ts';

interface QueryArguments extends FormArguments {
  readonly folder: string;
  readonly sql: string | undefined;
  readonly file: string | undefined;
  readonly output: string | undefined;
  readonly limit: string | undefined;
  readonly timeZone: string | undefined;
}

/** Rows that a person may want at once; all of them are for --csv and --json. */
const LIMIT_MAX = 100_000;

/** `fauxlm query DIR "SELECT ..."`: asks the tables of an ingest in SQL. */
export const queryCommand: CommandModule<object, QueryArguments> = {
  command: 'query <folder> [sql]',
  describe: 'ask in SQL what the tables of fauxlm ingest hold, with DuckDB',
  builder: build as never,
  handler: async (args) => {
    const { queryStore } = await import('../../plan/query/store-query.ts');
    const { queryForms } = await import('../../plan/query/query-forms.ts');
    const { form: asked, output } = askedOf(args);
    const form = queryForms[asked];
    const limit =
      args.limit === undefined ? undefined : wholeNumber('--limit', args.limit, 1, LIMIT_MAX);
    const timeZone = timeZoneName(args.timeZone ?? ownTimeZone());
    const [folder, sql, project] = [args.folder, await sqlOf(args), process.cwd()];
    await interruptible(async (interrupted) => {
      try {
        await queryStore({ folder, sql, timeZone, project, interrupted }, (answer) =>
          tell(form(answer, limit), output, interrupted),
        );
      } catch (error) {
        if (!interrupted.aborted) throw error;
      }
      if (interrupted.aborted) process.exitCode = exitStatus.interrupted;
    });
  },
};

function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/**
 * `--csv-file FILE` is `--csv -o FILE`: an answer is read once, row by row.
 * @throws KnownError USAGE, and as `checkFormFiles` does
 */
function askedOf(args: QueryArguments): { form: QueryForm; output: string | undefined } {
  const form = printedForm(args) as QueryForm;
  checkFormFiles(args, { '--output': args.output });
  const files = formFiles(args);
  const [file] = files;
  if (file === undefined) return { form, output: args.output };
  const isOther = form !== 'text' && form !== file[0];
  if (files.length > 1 || args.output !== undefined || isOther) {
    const text = `--${file[0]}-file: expected no other file and form with it, got more`;
    throw new KnownError('USAGE', text);
  }
  return { form: file[0] as QueryForm, output: file[1] };
}

/** @throws KnownError USAGE, FILE_UNREADABLE, FILE_TOO_LARGE */
async function sqlOf({ sql, file }: QueryArguments): Promise<string> {
  if ((sql === undefined) === (file === undefined)) {
    const got = sql === undefined ? 'neither' : 'both';
    throw new KnownError('USAGE', `expected SQL behind the folder, or --file FILE, got ${got}`);
  }
  if (sql !== undefined && sql !== standardInput) return sql;
  if (file !== undefined && file !== '-') {
    const { readSource } = await import('../../files/license-sources.ts');
    return readSource(file).text;
  }
  const { readStandardInput } = await import('../../files/standard-input.ts');
  return new TextDecoder().decode(readStandardInput());
}

async function tell(
  parts: AsyncIterable<string>,
  output: string | undefined,
  interrupted: AbortSignal,
): Promise<void> {
  if (output !== undefined) {
    const { writeWholeParts } = await import('../../files/whole-file.ts');
    return writeWholeParts(output, parts);
  }
  for await (const part of parts) {
    const failure = await new Promise((written) => process.stdout.write(part, written));
    // Whoever read has gone, as head does.
    if (failure || interrupted.aborted) return;
  }
}

function build(yargs: Argv) {
  return withExamples(yargs, [
    [
      'query db "SELECT feature, max(in_use) FROM steps GROUP BY ALL"',
      'the most seats out of each feature',
    ],
    [
      'query db --file denials.sql --csv-file denials.csv',
      'a question in a file, for a spreadsheet',
    ],
    ['query db "DESCRIBE sessions"', 'the columns of a table'],
  ])
    .positional('folder', {
      type: 'string',
      demandOption: true,
      describe: 'a folder that fauxlm ingest wrote; its tables are events, sessions, steps',
    })
    .positional('sql', {
      type: 'string',
      describe: 'the question in SQL as DuckDB has it; - reads it from standard input',
    })
    .options({
      file: { type: 'string', describe: 'a file with the question' },
      format: {
        choices: ['text', 'csv', 'json', 'ndjson'] as const,
        default: 'text' as const,
        describe: 'for people, spreadsheets or programs; ndjson is an object a line',
      },
      ...formFlags(['csv', 'json']),
      output: { alias: 'o', type: 'string', describe: 'a file to write [standard output]' },
      limit: { type: 'string', describe: 'rows at most [100 of text, else all]' },
      'time-zone': {
        type: 'string',
        describe: "of hours and days, such as Europe/Berlin [this machine's]",
      },
    })
    .epilogue(
      'DuckDB is not part of fauxlm: npm install @duckdb/node-api@1.5.6-r.1. Nothing is written to the folder.\n' +
        'Exit status: 0 an answer, 2 no such folder, or SQL that DuckDB does not take, 3 no DuckDB.',
    );
}
