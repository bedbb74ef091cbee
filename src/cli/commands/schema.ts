import type { Argv, CommandModule } from 'yargs';
import { withExamples } from '../examples.ts';

/** What files there are schemas of. */
const schemas = {
  scenario: async () => (await import('../../scenario/schema.ts')).scenarioJsonSchema(),
  load: async () => (await import('../../load/profile-schema.ts')).profileJsonSchema(),
} as const;

interface SchemaArguments {
  readonly of: keyof typeof schemas;
}

/** `fauxlm schema scenario|load`: the JSON Schema of files, for editors. */
export const schemaCommand: CommandModule<object, SchemaArguments> = {
  command: 'schema <of>',
  describe: 'print the JSON Schema of the files that fauxlm reads',
  builder: ((yargs: Argv) =>
    withExamples(yargs, [['schema scenario > scenario.schema.json', 'for an editor']])
      .positional('of', { type: 'string', choices: Object.keys(schemas), describe: 'what files' })
      .epilogue(
        'An editor completes a file whose first line is\n# yaml-language-server: $schema=scenario.schema.json',
      )) as never,
  handler: async ({ of }) => {
    process.stdout.write(`${JSON.stringify(await schemas[of](), null, 2)}\n`);
  },
};
