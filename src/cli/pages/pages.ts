import type { CommandModule } from 'yargs';
import { flagRows } from '../../lmutil/flags.ts';
import { subcommands as tools } from '../../lmutil/index.ts';
import { commonFlags } from '../../lmutil/subcommand.ts';
import { lmgrdFlagRows, lmgrdNotes } from '../lmgrd-command-line.ts';
import { type CommandRecord, recordCommand } from './command-record.ts';
import { type ManPage, type ManSection, manPageOf } from './man-page.ts';
import { commandLinePage, errorsPage, faultsPage, lintRulesPage } from './reference.ts';

export type CommandTable = Readonly<Record<string, () => Promise<CommandModule>>>;

/** All commands, as their builders describe them. */
export async function recordAll(commands: CommandTable): Promise<readonly CommandRecord[]> {
  const modules = await Promise.all(Object.values(commands).map((load) => load()));
  return modules.map((module) => recordCommand(module));
}

/** The pages of docs/reference, by file name. */
export async function referencePages(commands: CommandTable): Promise<Record<string, string>> {
  return {
    'command-line.md': commandLinePage(await recordAll(commands)),
    'errors.md': errorsPage(),
    'faults.md': faultsPage(),
    'lint-rules.md': lintRulesPage(),
  };
}

/** One page for each command of fauxlm, one for fauxlm, lmutil and lmgrd. */
export async function manPages(commands: CommandTable): Promise<readonly ManPage[]> {
  const records = await recordAll(commands);
  const others = ['fauxlm', 'lmutil', 'lmgrd'];
  const overview: ManPage = {
    name: 'fauxlm',
    summary: 'a FlexLM/FlexNet-compatible license-server test double',
    synopsis: ['fauxlm COMMAND', 'fauxlm COMMAND --help'],
    sections: [
      {
        title: 'COMMANDS',
        terms: records.map(({ usage, summary }) => [`fauxlm ${usage}`, summary] as const),
      },
      { title: 'EXIT STATUS', terms: exitStatuses },
      {
        title: 'SEE ALSO',
        text: [...records.map(({ name }) => `fauxlm-${name}(1)`), 'lmutil(1)', 'lmgrd(1)'].join(
          '\n',
        ),
      },
    ],
  };
  return [
    overview,
    ...records.map((each) => manPageOf(each, others)),
    await lmutilPage(),
    lmgrdPage,
  ];
}

const exitStatuses = [
  ['0', 'done'],
  ['1', 'an expectation failed, or lint found errors'],
  ['2', 'wrong usage or bad input'],
  ['3', 'the environment: a port is in use, no server was reached'],
  ['4', 'a threshold of a load is broken'],
  ['5', 'inconclusive: too few samples, or a generator that was late'],
  ['6', 'a vendor daemon denied the checkout'],
  ['130', 'interrupted'],
] as const;

async function lmutilPage(): Promise<ManPage> {
  const sections: ManSection[] = [{ title: 'FLAGS OF EVERY TOOL', terms: flagRows(commonFlags) }];
  for (const [name, { summary, load }] of Object.entries(tools)) {
    const tool = await load?.();
    if (tool === undefined) continue;
    const forms = tool.operands.length > 0 ? tool.operands : [''];
    const text = forms.map((form) => `lmutil ${name} [flags] ${form}`.trimEnd()).join('\n');
    sections.push({ title: name.toUpperCase(), text: `${text}\n${summary}` });
    sections.push({ title: `FLAGS OF ${name.toUpperCase()}`, terms: flagRows(tool.flags) });
  }
  return {
    name: 'lmutil',
    summary: "FlexNet's license tools, in fauxlm's own words",
    synopsis: ['lmutil TOOL [arguments]', 'lmutil TOOL -help'],
    sections: sections.filter(({ terms }) => terms === undefined || terms.length > 0),
  };
}

const lmgrdPage: ManPage = {
  name: 'lmgrd',
  summary: 'fauxlm in the place of the license manager daemon',
  synopsis: ['lmgrd -c LICENSE_FILES [flags]'],
  sections: [
    { title: 'FLAGS', terms: lmgrdFlagRows() },
    { title: 'ENVIRONMENT', text: lmgrdNotes },
  ],
};
