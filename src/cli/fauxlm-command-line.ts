import { createRequire } from 'node:module';
import yargs, { type Argv, type CommandModule } from 'yargs';
import { KnownError } from '../base/errors.ts';
import { loadWideRooms } from '../daemon/wide-rooms.ts';
import { withDashes } from './dashes.ts';
import { reportError } from './exit.ts';
import { usageWords, type Vocabulary } from './usage-words.ts';

/**
 * Every subcommand: loaded when it is called, so that a quick one does not pay for a heavy one.
 * To add one: a file in commands/ and its line here.
 */
export const commands: Readonly<Record<string, () => Promise<CommandModule>>> = {
  serve: async () => {
    await loadWideRooms();
    return (await import('./commands/serve.ts')).serveCommand as CommandModule;
  },
  exec: async () => {
    await loadWideRooms();
    return (await import('./commands/exec.ts')).execCommand as CommandModule;
  },
  triad: async () => {
    await loadWideRooms();
    return (await import('./commands/triad.ts')).triadCommand as CommandModule;
  },
  checkout: async () => (await import('./commands/checkout.ts')).checkoutCommand as CommandModule,
  explain: async () => {
    await loadWideRooms();
    return (await import('./commands/explain.ts')).explainCommand as CommandModule;
  },
  diff: async () => {
    await loadWideRooms();
    return (await import('./commands/diff.ts')).diffCommand as CommandModule;
  },
  clock: async () => (await import('./commands/clock.ts')).clockCommand as CommandModule,
  reset: async () => (await import('./commands/reset.ts')).resetCommand as CommandModule,
  fault: async () => (await import('./commands/fault.ts')).faultCommand as CommandModule,
  run: async () => (await import('./commands/run.ts')).runCommand as CommandModule,
  record: async () => (await import('./commands/record.ts')).recordCommand as CommandModule,
  schema: async () => (await import('./commands/schema.ts')).schemaCommand as CommandModule,
  ingest: async () => (await import('./commands/ingest.ts')).ingestCommand as CommandModule,
  plan: async () => (await import('./commands/plan.ts')).planCommand as CommandModule,
  simulate: async () => {
    await loadWideRooms();
    return (await import('./commands/simulate.ts')).simulateCommand as CommandModule;
  },
  generate: async () => (await import('./commands/generate.ts')).generateCommand as CommandModule,
  report: async () => (await import('./commands/report.ts')).reportCommand as CommandModule,
  query: async () => (await import('./commands/query.ts')).queryCommand as CommandModule,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand as CommandModule,
  top: async () => (await import('./commands/top.ts')).topCommand as CommandModule,
  scan: async () => (await import('./commands/scan.ts')).scanCommand as CommandModule,
  errors: async () => (await import('./commands/errors.ts')).errorsCommand as CommandModule,
  load: async () => (await import('./commands/load.ts')).loadCommand as CommandModule,
  lint: async () => (await import('./commands/lint.ts')).lintCommand as CommandModule,
  completion: async () => (await import('./commands/completion.ts')).completionCommand(commands),
};

/** Runs `fauxlm` with these words (without node and script). The exit status goes to process.exitCode. */
export async function main(words: readonly string[]): Promise<void> {
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
  const named = words.find((word) => !word.startsWith('-')) ?? '';
  const chosen = Object.hasOwn(commands, named) ? [named] : Object.keys(commands);
  const parser = yargs(withDashes(words))
    .scriptName('fauxlm')
    .usage('$0 COMMAND\n\nA FlexLM/FlexNet-compatible license-server test double.')
    .parserConfiguration({ 'short-option-groups': false, 'populate--': true })
    .version(version)
    .strict()
    .demandCommand(1, 'expected a command')
    .showHelpOnFail(false)
    .exitProcess(false)
    .fail((message, error) => {
      // yargs' own name for a command line that it cannot read.
      if (error && error.name !== 'YError') throw error;
      throw new UsageError(message ?? error.message);
    });
  parser.middleware((argv) => refuseRepeated(argv, parser));
  keepNoHelp(parser);
  let usage = '';
  for (const name of chosen) {
    const module = await commands[name]!();
    if (chosen.length === 1) usage = String(module.command);
    parser.command(module);
  }
  try {
    await parser.parseAsync();
  } catch (error) {
    if (error instanceof UsageError) {
      const usages = usagesOf(parser, usage);
      const told = usageWords(error.message, vocabularyOf(words, usages.at(-1) ?? '', parser));
      const command = usages.map((each) => `${each.split(' ', 1)[0]} `).join('');
      process.stderr.write(`fauxlm: ${told}\n  see fauxlm ${command}--help\n`);
      process.exitCode = 2;
    } else process.exitCode = reportError(error, (text) => process.stderr.write(text));
  }
}

/** How the command is used that was read last, and before it those that it is a part of: `load [profile]`. */
function usagesOf(parser: Argv, usage: string): readonly string[] {
  const { getInternalMethods } = parser as unknown as {
    getInternalMethods?(): { getContext(): { fullCommands: readonly string[] } };
  };
  const read = getInternalMethods?.call(parser).getContext().fullCommands ?? [];
  if (read.length > 0) return read;
  return usage === '' ? [] : [usage];
}

/** What was typed, and what might have been. `usage` is the command's, such as `lint <files..>`; '' without one. */
function vocabularyOf(typed: readonly string[], usage: string, parser: Argv): Vocabulary {
  const { key } = (
    parser as unknown as { getOptions(): { key: Record<string, unknown> } }
  ).getOptions();
  return {
    typed,
    commands: Object.keys(commands),
    flags: usage === '' ? [] : Object.keys(key),
    positionals: usage.replace(/^\S+ ?/, ''),
  };
}

/**
 * While a command runs, yargs renders its help in case the command fails, which takes a tenth of a server's start. We
 * show none then.
 */
function keepNoHelp(parser: Argv): void {
  const { getInternalMethods } = parser as unknown as {
    getInternalMethods?(): { getUsageInstance(): { cacheHelpMessage: () => void } };
  };
  const usage = getInternalMethods?.call(parser).getUsageInstance();
  if (usage !== undefined) usage.cacheHelpMessage = () => {};
}

/** yargs makes a list of a flag that is given twice, whether it takes a list or not. */
function refuseRepeated(argv: Readonly<Record<string, unknown>>, parser: Argv): void {
  const { array } = (parser as unknown as { getOptions(): { array: string[] } }).getOptions();
  for (const [name, value] of Object.entries(argv)) {
    if (!Array.isArray(value) || name === '_' || name === '--') continue;
    // Each flag comes a second time in camel case.
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (array.includes(flag)) continue;
    throw new KnownError('USAGE', `--${name}: expected it once, got it ${value.length} times`);
  }
}

/** The command line was wrong; yargs said how. */
class UsageError extends Error {}
