import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { compareStandings } from '../../comparison/differences.ts';
import { renderComparison } from '../../comparison/render.ts';
import { standingOf } from '../../comparison/standing.ts';
import { readOurs, refusalKey, USERS_MAX, usersOf } from '../diff/ours.ts';
import { readTheirs, type StatusText } from '../diff/theirs.ts';
import { withExamples } from '../examples.ts';
import { vendorFile } from '../flag-values.ts';

interface DiffArguments {
  readonly theirs: string;
  readonly licenses: readonly string[];
  readonly options: readonly string[] | undefined;
  readonly lenient: boolean;
  readonly users: boolean;
  readonly json: boolean;
}

const DIFFERS = 1;

function build(yargs: Argv): Argv<DiffArguments> {
  return withExamples(yargs, [
    ['diff 27000@lic-a acme.lic --options acmed=acmed.opt', 'a server that runs, and files'],
    ['diff lmstat.txt acme.lic', 'what lmstat -a -i printed there'],
    ['diff - acme.lic --no-users --json < lmstat.txt', 'what is licensed only, for programs'],
  ])
    .positional('theirs', {
      type: 'string',
      demandOption: true,
      describe: 'port@host of another server, a file with the output of its lmstat, or -',
    })
    .positional('licenses', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'license files, or directories of *.lic',
    })
    .options({
      options: {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'options file of a vendor daemon, as VENDOR=FILE; may be repeated',
      },
      lenient: { type: 'boolean', default: false, describe: 'as for serve' },
      users: {
        type: 'boolean',
        default: true,
        describe: 'who uses what, too; --no-users compares what is licensed only',
      },
      json: { type: 'boolean', default: false, describe: 'as JSON' },
    })
    .epilogue(
      'Compares what lmstat -a -i shows of another license server, real or fauxlm, with what fauxlm shows for ' +
        'these files once the same users have asked it for the same licenses. Order, spacing, dialect, ports, ' +
        'paths, handles and times do not matter. Exit status: 0 the same, 1 it differs, 2 bad input, 3 no ' +
        'license server there.',
    ) as unknown as Argv<DiffArguments>;
}

/** `fauxlm diff`: another server's lmstat and ours for the same files. */
export const diffCommand: CommandModule<object, DiffArguments> = {
  command: 'diff <theirs> <licenses..>',
  describe: "compare the lmstat of another license server with fauxlm's for the same license files",
  builder: build as never,
  handler: async (argv) => {
    process.exitCode = await runDiff(argv);
  },
};

/** @throws KnownError as `readTheirs` and `readOurs` do */
async function runDiff(argv: DiffArguments): Promise<number> {
  const { lenient, licenses, options = [], users: usage } = argv;
  const theirs = await readTheirs(String(argv.theirs));
  if (usage) checkUsers(theirs);
  const files = {
    licenses: licenses.map(String),
    options: Object.fromEntries(options.map(vendorFile)),
    lenient,
  };
  const ours = await readOurs(files, theirs, usage);
  const [left, right] = [standingOf(theirs.parsed), standingOf(ours.parsed)];
  const comparison = compareStandings(left, right, {
    usage,
    refused: (vendor, feature, user) => ours.refused.get(refusalKey(vendor, feature, user)),
  });
  const notes = notesOn(theirs, left.tellsLines);
  const { differences, compared } = comparison;
  if (argv.json) {
    const { source, parsed } = theirs;
    const sides = { theirs: { source, at: parsed.at }, ours: { licenses: files.licenses } };
    const result = { ...sides, same: differences.length === 0, compared, differences, notes };
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  } else {
    process.stdout.write(renderComparison(comparison));
    for (const note of notes) process.stderr.write(`note: ${note}\n`);
  }
  return differences.length === 0 ? 0 : DIFFERS;
}

function checkUsers({ source, parsed }: StatusText): void {
  const count = usersOf(parsed).length;
  if (count <= USERS_MAX) return;
  const text = `${source}: expected at most ${USERS_MAX} users, got ${count}: compare with --no-users`;
  throw new KnownError('USAGE', text);
}

/** What was not compared. */
function notesOn({ source, parsed }: StatusText, tellsLines: boolean): readonly string[] {
  const { unexplained, unexplainedCount } = parsed;
  const [first] = unexplained;
  return [
    ...(tellsLines
      ? []
      : [`${source} has no table of license lines (lmstat -i): they are not compared`]),
    ...(first === undefined
      ? []
      : [
          `lines of ${source} that are not understood: ${unexplainedCount}, the first ${first.line}`,
        ]),
  ];
}
