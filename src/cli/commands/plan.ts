import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { writeWhole } from '../../files/whole-file.ts';
import type { Plan } from '../../plan/plan.ts';
import { withExamples } from '../examples.ts';
import { checkOutputs } from '../output-files.ts';
import { type PlanArguments, planFlags } from '../plan-flags.ts';
import { ReadingProgress } from '../reading-progress.ts';

/** `fauxlm plan SOURCE...`: how many seats the history asks for. */
export const planCommand: CommandModule<object, PlanArguments> = {
  command: 'plan <sources..>',
  describe: 'say how many seats debug logs or samples ask for, and how sure that is',
  builder: build as never,
  handler: async (args) => {
    checkFiles(args);
    const { planSeats } = await import('../../plan/plan.ts');
    const { planOptions } = await import('../plan-options.ts');
    const progress = new ReadingProgress(process.stderr);
    const options = planOptions(args);
    const plan = await planSeats({
      ...options,
      report: (path, bytes) => progress.report(path, bytes),
      sweep: { ...options.sweep!, report: (done) => progress.tell(`${done} replays`) },
    });
    progress.end();
    if (options.shard !== undefined) {
      process.stdout.write(`${args.resume}: part ${args.shard} of the replays is in it\n`);
      return;
    }
    await tell(plan, args);
    const [first] = plan.features;
    if (first === undefined) {
      throw new KnownError('PLAN_INCONCLUSIVE', await nothingIn(plan));
    }
    if (first.answer !== undefined) return;
    throw new KnownError('PLAN_INCONCLUSIVE', `${first.feature}: ${first.reason}`);
  },
};

/** Before the replays, which take long. @throws KnownError USAGE, and as `checkOutputs` does */
function checkFiles({ jsonFile, csv, markdown, html }: PlanArguments): void {
  const files = { '--json-file': jsonFile, '--csv': csv, '--markdown': markdown, '--html': html };
  for (const [flag, path] of Object.entries(files)) {
    if (path !== '') continue;
    throw new KnownError('USAGE', `${flag}: expected a file behind it, got nothing`);
  }
  checkOutputs(files);
}

async function nothingIn({ read }: Plan): Promise<string> {
  const { sourceNoun } = await import('../../plan/samples/sampled-source.ts');
  const { it, has } = sourceNoun(read.samples);
  return read.samples === undefined
    ? `${it} ${has} no checkout and no denial`
    : `${it} ${has} no checkout`;
}

async function tell(plan: Plan, args: PlanArguments): Promise<void> {
  const forms = {
    json: async () => {
      const { planAsJson } = await import('../../plan/plan-json.ts');
      return `${JSON.stringify(planAsJson(plan), undefined, 2)}\n`;
    },
    text: async () => (await import('../../plan/plan-text.ts')).planText(plan),
    csv: async () => (await import('../../plan/plan-tables.ts')).planCsv(plan),
    markdown: async () => (await import('../../plan/plan-tables.ts')).planMarkdown(plan),
    html: async () => (await import('../../plan/page/plan-page.ts')).planPage(plan),
  };
  const files = { json: args.jsonFile, csv: args.csv, markdown: args.markdown, html: args.html };
  for (const [form, path] of Object.entries(files)) {
    if (path !== undefined) writeWhole(path, await forms[form as keyof typeof files]());
  }
  process.stdout.write(await forms[args.json ? 'json' : args.format]());
}

function build(yargs: Argv) {
  return planFlags(
    withExamples(yargs, [
      ['plan debug.log --feature FLUENT --deny 1%', 'seats for at most 1 % denied starts'],
      ['plan logs/*.log.gz --deny 0.5% --html plan.html', 'all features, by need; with plots'],
      [
        "plan debug.log --feature FLUENT --what-if 'growth 20%' 'queue 30m'",
        'how many if there were more to do; if people could wait',
      ],
      [
        'plan debug.log --seat-cost 12000 --denied-hour-cost 80',
        'the cheapest number: what seats cost against what waiting costs',
      ],
      ['plan debug.log --license ansys.lic --feature FLUENT', 'by your own license and options'],
    ]),
  ).epilogue('Exit status: 0 an answer, 2 no log and no samples, 5 they cannot carry an answer.');
}
