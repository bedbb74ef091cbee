import { type CommandRecord, recordCommand } from './command-record.ts';
import type { CommandTable } from './pages.ts';

/**
 * What may stand where the last of these words does, which is begun or empty: commands, flags, values of flags and
 * arguments that have few. Nothing where a file or a word of the user's own stands, nor behind `--`.
 */
export async function completionsOf(
  words: readonly string[],
  commands: CommandTable,
): Promise<readonly string[]> {
  const begun = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  return (await candidates(before, begun, commands)).filter((each) => each.startsWith(begun));
}

async function candidates(
  before: readonly string[],
  begun: string,
  commands: CommandTable,
): Promise<readonly string[]> {
  const [name] = before;
  if (name === undefined) return [...Object.keys(commands), '--help', '--version'];
  if (before.includes('--') || !Object.hasOwn(commands, name)) return [];
  const main = recordCommand(await commands[name]!());
  const sub = main.subcommands.find((each) => each.name === `${name} ${before[1]}`);
  const command = sub ?? main;
  const flag = command.flags.find(({ names }) => names.split(', ').includes(before.at(-1)!));
  if (flag !== undefined && flag.value !== '') return flag.choices;
  if (begun.startsWith('-')) return [...flagWords(command), '--help'];
  const given = before.slice(sub === undefined ? 1 : 2);
  // Flags and their values are not told apart here; only the first argument has few values anywhere.
  const subs = main.subcommands.map((each) => each.name.slice(name.length + 1));
  return given.length > 0 ? [] : [...(sub ? [] : subs), ...(command.positionals[0]?.choices ?? [])];
}

function flagWords({ flags }: CommandRecord): readonly string[] {
  return flags.flatMap(({ names }) => names.split(', '));
}
