import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { writeWhole } from '../../files/whole-file.ts';
import type { Plan } from '../../plan/plan.ts';
import { checkFormFiles, type FormArguments, formFiles, printedForm } from '../answer-forms.ts';
import { withExamples } from '../examples.ts';
import { type PlanArguments, planFlags, planForms } from '../plan-flags.ts';
import { ReadingProgress } from '../reading-progress.ts';

/** `fauxlm plan SOURCE...`: how many seats the history asks for. */
export const planCommand: CommandModule<object, PlanArguments> = {
  command: 'plan <sources..>',
  describe: 'estimate from debug logs or samples how many seats are needed, and how sure that is',
  builder: build as never,
  handler: async (args) => {
    const asked = planForms(args);
    printedForm(asked);
    checkFormFiles(asked, { '--html': args.html });
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
    await tell(plan, asked, args.html);
    const [first] = plan.features;
    if (first === undefined) {
      throw new KnownError('PLAN_INCONCLUSIVE', await nothingIn(plan));
    }
    if (first.answer !== undefined) return;
    throw new KnownError('PLAN_INCONCLUSIVE', `${first.feature}: ${first.reason}`);
  },
};

async function nothingIn({ read }: Plan): Promise<string> {
  const { sourceNoun } = await import('../../plan/samples/sampled-source.ts');
  const { it, has } = sourceNoun(read.samples);
  return read.samples === undefined
    ? `${it} ${has} no checkout and no denial`
    : `${it} ${has} no checkout`;
}

async function tell(plan: Plan, asked: FormArguments, page: string | undefined): Promise<void> {
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
  for (const [form, path] of formFiles(asked)) writeWhole(path, await forms[form]());
  if (page !== undefined) writeWhole(page, await forms.html());
  process.stdout.write(await forms[printedForm(asked) as keyof typeof forms]());
}

function build(yargs: Argv) {
  return planFlags(
    withExamples(yargs, [
      ['plan debug.log --feature FLUENT --deny 1%', 'seats for at most 1 % denied starts'],
      ['plan logs/*.log.gz --deny 0.5% --html plan.html', 'all features, by need; with plots'],
      [
        "plan debug.log --feature FLUENT --what-if 'growth 20%, queue 30m'",
        'how many if there were more to do and people could wait',
      ],
      [
        'plan debug.log --seat-cost 12000 --denied-hour-cost 80',
        'the cheapest number: what seats cost against what waiting costs',
      ],
      ['plan debug.log --license ansys.lic --feature FLUENT', 'by your own license and options'],
    ]),
  ).epilogue('Exit status: 0 an answer, 2 no log and no samples, 5 they cannot carry an answer.');
}
