import yargs from 'yargs';
import { checkoutCommand } from '../../src/cli/commands/checkout.ts';
import { reportError } from '../../src/cli/exit.ts';

/** `fauxlm checkout` alone, as a program: parses as fauxlm does. */
try {
  await yargs(process.argv.slice(2))
    .scriptName('fauxlm')
    .parserConfiguration({ 'short-option-groups': false, 'populate--': true })
    .command(checkoutCommand as never)
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .parseAsync();
} catch (error) {
  process.exitCode = reportError(error, (text) => process.stderr.write(text));
}
