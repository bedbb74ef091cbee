import { errorCodes } from '../../base/errors.ts';
import { flexnetErrors } from '../../base/flexnet-errors.ts';
import { provocations } from '../../base/flexnet-provocations.ts';
import { wordsOf } from '../../daemon/faults/order.ts';
import { faultNames, faultRow } from '../../daemon/faults/table.ts';
import { lintRules } from '../../domain/lint/rules.ts';
import type { CommandRecord } from './command-record.ts';
import { aboutFlag, aboutPositional, flagTerm } from './man-page.ts';

/** How the pages of docs/reference begin, and how they are written anew. */
function headed(title: string, about: string): string {
  const origin = 'Written by `npm run build && npm run reference` from the tables of the program.';
  return `# ${title}\n\n${about}\n\n${origin}\n\n`;
}

/** docs/reference/command-line.md: every command with its arguments and flags, as `--help` has them. */
export function commandLinePage(commands: readonly CommandRecord[]): string {
  const about =
    'The commands of `fauxlm`. `serve`, `exec` and `triad` take each flag also from a variable: `--single-port` is ' +
    '`FAUXLM_SINGLE_PORT=1`, lists are separated by commas.';
  const all = commands.flatMap((command) => [command, ...command.subcommands]);
  return headed('Command lines', about) + all.map(commandSection).join('\n');
}

function commandSection(command: CommandRecord): string {
  const { name, usage, summary, positionals, flags, examples, epilogue } = command;
  const rows = [
    ...positionals.map((each) => row(`\`${each.name}\``, aboutPositional(each))),
    ...flags.map((flag) => row(`\`${flagTerm(flag)}\``, aboutFlag(flag))),
  ];
  const shown = examples.map(({ command: text, purpose }) => `# ${purpose}\n${text}\n`).join('');
  const parts = [
    `## ${name}\n\n\`fauxlm ${usage}\`: ${summary}.\n`,
    rows.length === 0 ? '' : `| argument or flag | what it is |\n| --- | --- |\n${rows.join('')}`,
    shown === '' ? '' : `\`\`\`sh\n${shown}\`\`\`\n`,
    epilogue === '' ? '' : `\`\`\`text\n${epilogue.trimEnd()}\n\`\`\`\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** docs/reference/errors.md: our own codes, then FlexNet's. */
export function errorsPage(): string {
  const own = Object.entries(errorCodes).map(([code, { exit, http, hint }]) =>
    row(`\`${code}\``, String(exit), String(http), hint),
  );
  const flexnet = [...flexnetErrors.values()].map(({ code, name, text, cause }) =>
    row(String(code), `\`${name}\``, text, cause, provocations.get(code) ?? ''),
  );
  return [
    headed(
      'Errors',
      'Codes of fauxlm, then those of FlexNet: numbers of FlexNet, words mostly ours.',
    ),
    '## fauxlm\n\n| code | exit status | HTTP status | what to do |\n| --- | --- | --- | --- |\n',
    ...own,
    '\n## FlexNet\n\n`fauxlm errors CODE` says the same of one. ',
    'The last column tells how fauxlm is made to answer with it.\n\n',
    '| code | name | what tools print | usual cause | to provoke it |\n| --- | --- | --- | --- | --- |\n',
    ...flexnet,
  ].join('');
}

/** docs/reference/faults.md. */
export function faultsPage(): string {
  const rows = faultNames.map((name) => {
    const { summary, sees, example } = faultRow(name);
    const words = Object.keys(wordsOf(name)).map((word) => `\`${word}\``);
    return row(`\`${name}\``, summary, sees, `\`${example}\``, words.join(' '));
  });
  const about =
    'What can be made to go wrong; [faults.md](../faults.md) tells how, and what the words mean.';
  const head =
    '| fault | what happens | users see | example | words |\n| --- | --- | --- | --- | --- |\n';
  return headed('Faults', about) + head + rows.join('');
}

/** docs/reference/lint-rules.md. */
export function lintRulesPage(): string {
  const rows = lintRules.map(({ id, severity, summary, why, fix, flexnetCode }) =>
    row(
      `\`${id}\``,
      severity,
      summary,
      `${why} ${fix}`,
      flexnetCode === undefined ? '' : String(flexnetCode),
    ),
  );
  const about = `The ${lintRules.length} rules of \`fauxlm lint\`.`;
  const head =
    '| rule | severity | what | why, and the fix | FlexNet says |\n| --- | --- | --- | --- | --- |\n';
  return headed('Lint rules', about) + head + rows.join('');
}

/** A row of a Markdown table: nothing in a cell may end it. */
function row(...cells: readonly string[]): string {
  const safe = cells.map((cell) =>
    cell
      .replaceAll('\n', ' ')
      .replaceAll('|', '\\|')
      .replaceAll(/(`[^`]*`)|</g, (_, code?: string) => code ?? '&lt;'),
  );
  return `| ${safe.join(' | ')} |\n`;
}
