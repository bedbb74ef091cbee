import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { withExamples } from '../examples.ts';
import { timeZoneName } from '../flag-values.ts';
import { logTimeZone, sourcesPositional } from '../log-flags.ts';
import { ReadingProgress } from '../reading-progress.ts';

interface ReportArguments {
  readonly sources: readonly string[];
  readonly by: 'day' | 'week' | 'month';
  readonly who: 'all' | 'user' | 'group';
  readonly groups: string | undefined;
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
  handler: async ({ sources, by, who, groups, feature, timeZone, format, json }) => {
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
    const whoOf = await whoseUse(who, groups);
    const rows = usageRows(traces, names, { wall, begin, span: by, whoOf });
    const renderings = {
      text: usageText,
      csv: usageCsv,
      json: () => `${JSON.stringify(rows, undefined, 2)}\n`,
    };
    process.stdout.write(renderings[json ? 'json' : format](rows));
  },
};

/** Whom a user's use counts for. Somebody in no group is told as `-`; somebody in several as of the first. */
async function whoseUse(
  who: 'all' | 'user' | 'group',
  file: string | undefined,
): Promise<(user: string) => string> {
  if (who === 'all') return () => '';
  if (who === 'user') return (user) => user;
  if (file === undefined) {
    throw new KnownError('USAGE', '--groups: expected it with --who group, got none');
  }
  const { parseOptionsFile } = await import('../../domain/options/parse.ts');
  const { readSource } = await import('../../files/license-sources.ts');
  const groupOf = new Map<string, string>();
  for (const line of parseOptionsFile(readSource(file)).lines) {
    if (line.kind !== 'rule' || line.rule.keyword !== 'GROUP') continue;
    for (const user of line.rule.members) {
      if (!groupOf.has(user)) groupOf.set(user, line.rule.name);
    }
  }
  return (user) => groupOf.get(user) ?? '-';
}

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
      who: {
        choices: ['all', 'user', 'group'] as const,
        default: 'all' as const,
        describe: 'a row for all, each user or each group',
      },
      groups: { type: 'string', describe: 'an options file whose GROUP lines say who is who' },
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
