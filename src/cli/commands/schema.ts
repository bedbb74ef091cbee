import type { Argv, CommandModule } from 'yargs';

interface SchemaArguments {
  readonly of: string;
}

/** `fauxlm schema scenario`: the JSON Schema of files, for editors. */
export const schemaCommand: CommandModule<object, SchemaArguments> = {
  command: 'schema <of>',
  describe: 'print the JSON Schema of the files that fauxlm reads',
  builder: ((yargs: Argv) =>
    yargs
      .positional('of', { type: 'string', choices: ['scenario'], describe: 'what files' })
      .example('$0 schema scenario > scenario.schema.json', '')
      .epilogue(
        'An editor completes a file whose first line is\n# yaml-language-server: $schema=scenario.schema.json',
      )) as never,
  handler: async () => {
    const { scenarioJsonSchema } = await import('../../scenario/schema.ts');
    process.stdout.write(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
  },
};
