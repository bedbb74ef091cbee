import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { parseDuration } from '../../base/time-words.ts';
import { writeWhole } from '../../files/whole-file.ts';
import { withExamples } from '../examples.ts';
import { shareOf, timeZoneName, vendorFile, wholeNumber } from '../flag-values.ts';
import { logTimeZone, sourcesPositional } from '../log-flags.ts';
import { ReadingProgress } from '../reading-progress.ts';

interface PlanArguments {
  readonly sources: readonly string[];
  readonly feature: string | undefined;
  readonly site: string | undefined;
  readonly deny: string;
  readonly have: string | undefined;
  readonly license: readonly string[];
  readonly options: readonly string[];
  readonly whatIf: readonly string[];
  readonly groups: string | undefined;
  readonly window: string;
  readonly timeZone: string | undefined;
  readonly seed: string;
  readonly json: boolean;
  readonly jsonFile: string | undefined;
  readonly html: string | undefined;
}

/** `fauxlm plan SOURCE...`: how many seats the history asks for. */
export const planCommand: CommandModule<object, PlanArguments> = {
  command: 'plan <sources..>',
  describe: 'say how many seats debug logs ask for, and how sure that is',
  builder: build as never,
  handler: async (args) => {
    const { planSeats } = await import('../../plan/plan.ts');
    const { planAsJson } = await import('../../plan/plan-json.ts');
    const { planText } = await import('../../plan/plan-text.ts');
    const progress = new ReadingProgress(process.stderr);
    const plan = await planSeats({
      sources: args.sources,
      deny: shareOf(args.deny, '--deny'),
      licenses: args.license,
      options: Object.fromEntries(args.options.map(vendorFile)),
      windowMs: parseDuration(args.window, '--window'),
      seed: args.seed,
      whatIfs: args.whatIf,
      ...(args.groups === undefined ? {} : { groups: await groupsOf(args.groups) }),
      report: (path, bytes) => progress.report(path, bytes),
      ...(args.feature === undefined ? {} : { feature: args.feature }),
      ...(args.site === undefined ? {} : { site: args.site }),
      ...(args.have === undefined ? {} : { have: wholeNumber('--have', args.have, 0, 10_000_000) }),
      ...(args.timeZone === undefined ? {} : { timeZone: timeZoneName(args.timeZone) }),
    });
    progress.end();
    const json = `${JSON.stringify(planAsJson(plan), undefined, 2)}\n`;
    if (args.jsonFile !== undefined) writeWhole(args.jsonFile, json);
    if (args.html !== undefined) {
      const { planPage } = await import('../../plan/page/plan-page.ts');
      writeWhole(args.html, planPage(plan));
    }
    process.stdout.write(args.json ? json : planText(plan));
    const [first] = plan.features;
    if (first === undefined) {
      throw new KnownError('PLAN_INCONCLUSIVE', 'the logs have no checkout and no denial');
    }
    if (first.answer !== undefined) return;
    throw new KnownError('PLAN_INCONCLUSIVE', `${first.feature}: ${first.reason}`);
  },
};

/** Groups of users by name, of a file's GROUP lines. */
async function groupsOf(path: string) {
  const { parseOptionsFile } = await import('../../domain/options/parse.ts');
  const { readSource } = await import('../../files/license-sources.ts');
  const { groupMembers } = await import('../../plan/feature-license.ts');
  const options = parseOptionsFile(readSource(path));
  return (name: string) => groupMembers(options, name);
}

function build(yargs: Argv) {
  return withExamples(yargs, [
    ['plan debug.log --feature FLUENT --deny 1%', 'seats for at most 1 % denied starts'],
    ['plan logs/*.log.gz --deny 0.5% --html plan.html', 'all features, those that lack most first'],
    [
      "plan debug.log --feature FLUENT --what-if 'growth 20%' 'queue 30m'",
      'how many if there were more to do; if people could wait',
    ],
    ['plan debug.log --license ansys.lic --feature FLUENT', 'by your own license and options'],
  ])
    .positional('sources', sourcesPositional)
    .options({
      feature: { type: 'string', describe: 'this feature only [all, by need]' },
      site: { type: 'string', describe: 'of a folder that has several' },
      deny: { type: 'string', default: '1%', describe: 'share of starts that may be denied' },
      have: { type: 'string', describe: 'seats you have now [by the license or the log]' },
      license: {
        type: 'string',
        array: true,
        default: [],
        describe: 'license files whose rules count, with their options files',
      },
      options: { type: 'string', array: true, default: [], describe: 'VENDOR=FILE: options files' },
      'what-if': {
        type: 'string',
        array: true,
        default: [],
        describe: "the same history otherwise: 'growth 20%', 'linger 10m, seats 60'",
      },
      groups: { type: 'string', describe: 'an options file whose GROUP lines say who is who' },
      window: {
        type: 'string',
        default: '15m',
        describe: 'denials of a user with shorter pauses are one',
      },
      'time-zone': logTimeZone,
      seed: { type: 'string', default: '1', describe: 'what every random choice comes from' },
      json: { type: 'boolean', default: false, describe: 'print JSON' },
      'json-file': { type: 'string', describe: 'write JSON to a file' },
      html: { type: 'string', describe: 'write a page with plots to a file' },
    })
    .epilogue('Exit status: 0 an answer, 2 no log, 5 the logs cannot carry an answer.');
}
