import type { Argv, CommandModule } from 'yargs';
import { withExamples } from '../examples.ts';
import { timeZoneName } from '../flag-values.ts';
import { logTimeZone, sourcesPositional } from '../log-flags.ts';
import { ReadingProgress } from '../reading-progress.ts';

interface ReportArguments {
  readonly sources: readonly string[];
  readonly by: 'day' | 'week' | 'month';
  readonly feature: string | undefined;
  readonly timeZone: string | undefined;
  readonly format: 'text' | 'csv' | 'json';
  readonly json: boolean;
}

/** `fauxlm report SOURCE... --by week`: what was used, by day, week or month. */
export const reportCommand: CommandModule<object, ReportArguments> = {
  command: 'report <sources..>',
  describe: 'say what was used of each feature, by day, week or month',
  builder: build as never,
  handler: async ({ sources, by, feature, timeZone, format, json }) => {
    const { readTraces } = await import('../../plan/sources.ts');
    const { usageRows } = await import('../../plan/usage/usage-report.ts');
    const { usageCsv, usageText } = await import('../../plan/usage/usage-text.ts');
    const progress = new ReadingProgress(process.stderr);
    const { traces, names, wall, begin } = await readTraces({
      sources,
      ...(feature === undefined ? {} : { feature }),
      ...(timeZone === undefined ? {} : { timeZone: timeZoneName(timeZone) }),
      report: (path, bytes) => progress.report(path, bytes),
    });
    progress.end();
    const rows = usageRows(traces, names, { wall, begin, span: by });
    const renderings = {
      text: usageText,
      csv: usageCsv,
      json: () => `${JSON.stringify(rows, undefined, 2)}\n`,
    };
    process.stdout.write(renderings[json ? 'json' : format](rows));
  },
};

function build(yargs: Argv) {
  return withExamples(yargs, [
    ['report debug.log --by week', 'what was used, week by week'],
    [
      'report db --by month --feature FLUENT --format csv',
      'of what was ingested, for a spreadsheet',
    ],
  ])
    .positional('sources', sourcesPositional)
    .options({
      by: {
        choices: ['day', 'week', 'month'] as const,
        default: 'week' as const,
        describe: 'spans',
      },
      feature: { type: 'string', describe: 'this feature only' },
      'time-zone': logTimeZone,
      format: {
        choices: ['text', 'csv', 'json'] as const,
        default: 'text' as const,
        describe: 'for people, spreadsheets or programs',
      },
      json: { type: 'boolean', default: false, describe: 'the same as --format json' },
    });
}
