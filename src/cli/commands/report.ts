import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { writeWhole } from '../../files/whole-file.ts';
import type { SourceKind } from '../../plan/samples/source-kind-names.ts';
import type { SourceTraces } from '../../plan/sources.ts';
import type { ComplianceRow } from '../../plan/usage/compliance.ts';
import type { ReportTable } from '../../plan/usage/usage-text.ts';
import {
  checkFormFiles,
  type FormArguments,
  formFiles,
  formFlags,
  printedForm,
} from '../answer-forms.ts';
import { withExamples } from '../examples.ts';
import { timeZoneName, vendorFile, wholeNumber } from '../flag-values.ts';
import { logTimeZone, repeated, sourceKind, sourcesPositional } from '../log-flags.ts';
import { ReadingProgress } from '../reading-progress.ts';

interface ReportArguments extends FormArguments {
  readonly sources: readonly string[];
  readonly by: 'day' | 'week' | 'month';
  readonly who: 'all' | 'user' | 'group';
  readonly groups: string | undefined;
  readonly compliance: boolean;
  readonly license: readonly string[];
  readonly options: readonly string[];
  readonly have: string | undefined;
  readonly feature: string | undefined;
  readonly site: string | undefined;
  readonly kind: SourceKind | undefined;
  readonly timeZone: string | undefined;
}

/** `fauxlm report SOURCE... --by week`: what was used, by day, week or month. */
export const reportCommand: CommandModule<object, ReportArguments> = {
  command: 'report <sources..>',
  describe:
    'report what was used of each feature by day, week or month, and whether licenses covered it',
  builder: build as never,
  handler: async (args) => {
    const { sources, kind, site, by, feature, timeZone, compliance } = args;
    const { readTraces } = await import('../../plan/sources.ts');
    const { complianceTable, usageTable } = await import('../../plan/usage/usage-text.ts');
    checkFlags(args);
    printedForm(args);
    checkFormFiles(args);
    const progress = new ReadingProgress(process.stderr);
    const read = await readTraces({
      sources,
      ...(kind === undefined ? {} : { kind }),
      ...(site === undefined ? {} : { site }),
      ...(feature === undefined ? {} : { feature }),
      ...(timeZone === undefined ? {} : { timeZone: timeZoneName(timeZone) }),
      report: (path, bytes) => progress.report(path, bytes),
    });
    progress.end();
    if (compliance) {
      await tell(complianceTable, await complianceOf(read, args), args);
      return;
    }
    const { usageRows } = await import('../../plan/usage/usage-report.ts');
    const whoOf = await whoseUse(args.who, args.groups);
    const rows = usageRows(read.traces, read.names, { ...read, span: by, whoOf });
    await tell(usageTable, rows, args);
  },
};

/** @throws KnownError USAGE for flags that only one of the two reports has */
function checkFlags({ compliance, license, options, have, who, groups, feature }: ReportArguments) {
  const wrong = (text: string): never => {
    throw new KnownError('USAGE', text);
  };
  if (compliance) {
    if (who !== 'all' || groups !== undefined) {
      wrong('--compliance: expected no --who and --groups with it: a license is of all');
    }
    if (have !== undefined && feature === undefined) {
      wrong('--have: expected --feature with it, got none');
    }
  } else if (license.length + options.length > 0 || have !== undefined) {
    wrong('--license, --options, --have: expected --compliance with them, got none');
  }
}

async function complianceOf(
  read: SourceTraces,
  { by, license, options, have, timeZone }: ReportArguments,
): Promise<readonly ComplianceRow[]> {
  const { complianceRows } = await import('../../plan/usage/compliance.ts');
  const { PlanLicenses } = await import('../../plan/feature-license.ts');
  const files = { licenses: license, options: Object.fromEntries(options.map(vendorFile)) };
  const zone = timeZone === undefined ? {} : { timeZone };
  return complianceRows(read, {
    span: by,
    licenses: new PlanLicenses({ ...files, ...zone }, read.end),
    ...(have === undefined ? {} : { have: wholeNumber('--have', have, 0, 10_000_000) }),
  });
}

async function tell<Row>(
  table: ReportTable<Row>,
  rows: readonly Row[],
  asked: FormArguments,
): Promise<void> {
  const { tableCsv, tableMarkdown, tableText } = await import('../../plan/usage/usage-text.ts');
  const forms = {
    text: () => tableText(table, rows),
    csv: () => tableCsv(table, rows),
    markdown: () => tableMarkdown(table, rows),
    json: () => `${JSON.stringify(rows, undefined, 2)}\n`,
  };
  for (const [form, path] of formFiles(asked)) writeWhole(path, forms[form]());
  process.stdout.write(forms[printedForm(asked) as keyof typeof forms]());
}

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
      'report db --by month --feature FLUENT --csv-file fluent.csv',
      'of what was ingested, for a spreadsheet',
    ],
    ['report debug.log --compliance --license ansys.lic', 'was more used than there is?'],
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
      compliance: {
        type: 'boolean',
        default: false,
        describe: 'what was used beyond the license, and of the overdraft',
      },
      license: {
        ...repeated,
        describe: 'with --compliance: a license file, with its options file; may be repeated',
      },
      options: {
        ...repeated,
        describe: 'with --compliance: options file as VENDOR=FILE; may be repeated',
      },
      have: {
        type: 'string',
        describe: 'with --compliance: seats there are [by license or source]',
      },
      feature: { type: 'string', describe: 'this feature only' },
      site: { type: 'string', describe: 'of a folder that has several' },
      kind: sourceKind,
      'time-zone': logTimeZone,
      format: {
        choices: ['text', 'csv', 'json', 'markdown'] as const,
        default: 'text' as const,
        describe: 'for people, spreadsheets, programs or a page',
      },
      ...formFlags(['csv', 'json', 'markdown']),
    });
}
