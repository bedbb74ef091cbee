import type { Argv, CommandModule } from 'yargs';
import { completionScripts, type Shell } from '../completion-scripts.ts';
import { withExamples } from '../examples.ts';
import { completionsOf } from '../pages/completions.ts';
import type { CommandTable } from '../pages/pages.ts';

interface CompletionArguments {
  readonly shell: Shell | 'words';
  /** What has been typed behind `fauxlm`, the word to complete last. */
  readonly '--'?: readonly (string | number)[] | undefined;
}

/** `fauxlm completion SHELL`: the script that has a shell complete our command lines. */
export function completionCommand(commands: CommandTable): CommandModule {
  const command: CommandModule<object, CompletionArguments> = {
    command: 'completion <shell>',
    describe: 'print a script by which a shell completes command lines of fauxlm',
    builder: ((yargs: Argv) =>
      withExamples(yargs, [
        ['completion bash >> ~/.bashrc', 'in bash, from the next shell on'],
        ['completion zsh >> ~/.zshrc', 'in zsh, behind compinit'],
        ['completion fish > ~/.config/fish/completions/fauxlm.fish', 'in fish'],
      ])
        .positional('shell', {
          choices: [...Object.keys(completionScripts), 'words'],
          describe: 'whose script; words prints the candidates for what stands behind --',
        })
        .epilogue(
          'Completes commands, flags and the values of flags that have few; files where nothing else fits.',
        )) as never,
    handler: async ({ shell, '--': words = [] }) => {
      if (shell !== 'words') return void process.stdout.write(completionScripts[shell]);
      const candidates = await completionsOf(words.map(String), commands);
      process.stdout.write(candidates.map((each) => `${each}\n`).join(''));
    },
  };
  return command as CommandModule;
}
