import type { Argv, CommandModule } from 'yargs';
import type { SourceKind } from '../../plan/samples/source-kind-names.ts';
import { withExamples } from '../examples.ts';
import { siteName, timeZoneName } from '../flag-values.ts';
import { logTimeZone, sourceKind } from '../log-flags.ts';
import { ReadingProgress } from '../reading-progress.ts';

interface IngestArguments {
  readonly logs: readonly string[];
  readonly output: string;
  readonly site: string;
  readonly timeZone: string | undefined;
  readonly kind: SourceKind | undefined;
  readonly json: boolean;
}

/** `fauxlm ingest LOG... -o DIR`: debug logs or samples into Parquet tables. */
export const ingestCommand: CommandModule<object, IngestArguments> = {
  command: 'ingest <logs..>',
  describe: 'read debug logs or samples into Parquet tables, and say how good the data are',
  builder: build as never,
  handler: async ({ logs, output, site, timeZone, kind, json }) => {
    const { ingestSources } = await import('../../plan/samples/ingest-samples.ts');
    const { ingestedText } = await import('../../plan/store/ingest-text.ts');
    const progress = new ReadingProgress(process.stderr);
    const ingested = await ingestSources({
      ...{ logs, folder: output, site: siteName(site) },
      ...(timeZone === undefined ? {} : { timeZone: timeZoneName(timeZone) }),
      ...(kind === undefined ? {} : { kind }),
      report: (path, bytes) => progress.report(path, bytes),
    });
    progress.end();
    const text = json ? `${JSON.stringify(ingested, undefined, 2)}\n` : ingestedText(ingested);
    process.stdout.write(text);
  },
};

function build(yargs: Argv) {
  return withExamples(yargs, [
    ['ingest debug.log -o db', 'one log; again when it has grown'],
    ['ingest logs/*.log.gz -o db --site lab', 'rotated logs of one license server, in any order'],
    ['ingest polls -o db --site samples', 'a folder of outputs of lmstat, each a file of its own'],
  ])
    .positional('logs', {
      type: 'string',
      array: true,
      demandOption: true,
      describe:
        'debug logs or samples of one license server, or folders of them; gzipped ones, too',
    })
    .options({
      output: {
        alias: 'o',
        type: 'string',
        demandOption: true,
        describe: 'the folder of the tables; it may have logs already',
      },
      site: { type: 'string', default: 'main', describe: 'a name for the license server' },
      kind: sourceKind,
      'time-zone': logTimeZone,
      json: { type: 'boolean', default: false, describe: 'print JSON' },
    });
}
