import { homedir } from 'node:os';
import type { Argv, CommandModule } from 'yargs';
import { type Clock, systemClock } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import { checkRequest } from '../../client/checkout-request.ts';
import { clientContext, connectTimeoutOf } from '../../client/context.ts';
import { askExplanations, type ExplainRequest } from '../../client/explanations.ts';
import { type ClientIdentity, localIdentity } from '../../client/identity.ts';
import { isRefused, type Refused, reasonText } from '../../client/refused.ts';
import { type Environment, searchPath } from '../../client/search-path.ts';
import { explainFiles } from '../../daemon/offline-explanations.ts';
import type { Explanation } from '../../domain/ledger/explanation.ts';
import { explanationLines } from '../../text/explanation.ts';
import { seatCount } from '../checkout-arguments.ts';
import { withExamples } from '../examples.ts';
import { exitStatus } from '../exit.ts';
import { vendorFile } from '../flag-values.ts';

export interface ExplainArguments {
  readonly feature: string;
  readonly licenses: readonly string[] | undefined;
  readonly as: string | undefined;
  readonly n: string;
  readonly V: string;
  readonly c?: string | undefined;
  readonly vendor?: string | undefined;
  readonly display?: string | undefined;
  readonly project?: string | undefined;
  readonly platform?: string | undefined;
  readonly ip?: string | undefined;
  readonly hostid?: string | undefined;
  readonly node?: string | undefined;
  readonly 'remote-desktop'?: boolean | undefined;
  readonly options: readonly string[] | undefined;
  readonly lenient: boolean;
  readonly json: boolean;
}

/** What the command touches of the world, so that a test can stand in for it. */
export interface ExplainIo {
  readonly env: Environment;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

function build(yargs: Argv): Argv<ExplainArguments> {
  const text = (describe: string) => ({ type: 'string', describe }) as const;
  const built = yargs
    .positional('feature', { type: 'string', demandOption: true, describe: 'what to check out' })
    .positional('licenses', {
      type: 'string',
      array: true,
      describe: 'license files to explain on, nothing being out [ask the running server]',
    })
    .options({
      as: text('USER@HOST who would ask [this process]'),
      n: { alias: 'count', ...text('licenses to take'), default: '1' },
      V: { alias: 'feature-version', ...text('version that must be licensed'), default: '0.0' },
      c: { alias: 'license-path', ...text('port@host, instead of the environment') },
      vendor: text('vendor daemon [all of the server, in its order]'),
      display: text('display that would ask'),
      project: text('LM_PROJECT of who would ask'),
      platform: text('platform tag such as x64_n6'),
      ip: text('address that would ask [on files: 127.0.0.1]'),
      hostid: text('host ids of the asking machine, with blanks between them'),
      node: text('node or CPU of a parallel build'),
      'remote-desktop': { type: 'boolean', describe: 'in a remote-desktop session' },
      options: {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'with license files: options file of a vendor daemon, as VENDOR=FILE',
      },
      lenient: { type: 'boolean', default: false, describe: 'with license files: as for serve' },
      json: { type: 'boolean', default: false, describe: 'as JSON' },
    })
    .epilogue(
      'Tells each pool that would be tried, in order, each rule with its file and line, the answer, and ' +
        'what would change it. Nothing is checked out. Exit status 0 whatever the answer is; 3: no ' +
        'license server or vendor daemon there.',
    ) as unknown as Argv<ExplainArguments>;
  return withExamples(built, [
    ['explain solve --as ann@ws1 -c 27000@localhost', 'what a running server would answer'],
    [
      'explain solve --as ann@ws1 acme.lic --options acmed=acmed.opt',
      'what a server on these files would answer',
    ],
  ]);
}

/** `fauxlm explain`: why a checkout would be granted or refused. */
export const explainCommand: CommandModule<object, ExplainArguments> = {
  command: 'explain <feature> [licenses..]',
  describe: 'tell why a checkout would be granted or refused, rule by rule',
  builder: build as never,
  handler: async (argv) => {
    process.exitCode = await runExplain(argv, {
      env: process.env,
      home: homedir(),
      platform: process.platform,
      clock: systemClock,
      out: (text) => process.stdout.write(text),
      err: (text) => process.stderr.write(text),
    });
  },
};

/** One daemon's word on the matter, or why it had none. */
interface Told {
  readonly where: string;
  readonly vendor?: string;
  readonly said: Explanation | Refused;
}

/**
 * Explains; resolves with the exit status.
 * @throws KnownError USAGE for arguments that make no sense; as `explainFiles` does for files.
 */
export async function runExplain(argv: ExplainArguments, io: ExplainIo): Promise<number> {
  checkOnce(argv);
  const request = requestOf(argv);
  checkRequest(request);
  const files = argv.licenses ?? [];
  const told = files.length > 0 ? onFiles(argv, request, io) : await onServer(argv, request, io);
  const explained = told.some(({ said }) => !isRefused(said));
  if (argv.json) io.out(`${JSON.stringify(told.map(asJson), null, 2)}\n`);
  else {
    const blocks = told.map((each) => blockOf(each, told.length > 1 || files.length === 0));
    (explained ? io.out : io.err)(blocks.join('\n'));
  }
  return explained ? exitStatus.ok : exitStatus.environment;
}

function onFiles(argv: ExplainArguments, request: ExplainRequest, io: ExplainIo): readonly Told[] {
  const { feature, version, count, data, vendor } = request;
  const client = clientOf(request.as, localIdentity(io.env));
  const command = { kind: 'checkout', session: 1, client, feature, version, count, data } as const;
  const explanations = explainFiles(command, {
    licenses: argv.licenses ?? [],
    options: Object.fromEntries((argv.options ?? []).map(vendorFile)),
    lenient: argv.lenient,
    now: io.clock.now(),
    ...(vendor === undefined ? {} : { vendor }),
  });
  return explanations.map((said) => ({ where: 'files', vendor: said.vendor, said }));
}

function clientOf(as: ExplainRequest['as'], identity: ClientIdentity) {
  const { hostid, session, address = '127.0.0.1', ...texts } = as;
  return {
    ...identity,
    ...texts,
    address,
    ...(hostid !== undefined && { hostids: hostid.split(' ') }),
    ...(session !== undefined && { remoteDesktop: session === 'remote' }),
  };
}

function onServer(
  argv: ExplainArguments,
  request: ExplainRequest,
  io: ExplainIo,
): Promise<readonly Told[]> {
  if (argv.options !== undefined) {
    throw new KnownError('USAGE', '--options: expected license files with it, got none');
  }
  const path = searchPath({
    ...(argv.c === undefined ? {} : { explicit: argv.c }),
    ...(argv.vendor === undefined ? {} : { vendor: argv.vendor }),
    ...{ env: io.env, home: io.home, platform: io.platform },
  });
  const connectTimeoutMs = connectTimeoutOf(io.env['FLEXLM_TIMEOUT']);
  const context = clientContext({
    identity: localIdentity(io.env),
    clock: io.clock,
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
  });
  return askExplanations(request, path, context);
}

function requestOf(argv: ExplainArguments): ExplainRequest {
  const { feature, n, V, vendor, display, project, platform, ip, hostid, node } = argv;
  const remote = argv['remote-desktop'];
  const as = {
    ...whoOf(argv.as),
    ...{ display, project, platform, address: ip, hostid, node },
    session: remote === undefined ? undefined : remote ? 'remote' : 'local',
  };
  const given = Object.entries(as).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  return {
    ...{ feature: String(feature), count: seatCount(n), version: V, data: '' },
    ...(vendor === undefined ? {} : { vendor }),
    as: Object.fromEntries(given),
  };
}

/** A user's name may have an @ of its own; a host's has none. */
function whoOf(as: string | undefined): { user?: string; host?: string } {
  if (as === undefined) return {};
  const at = as.lastIndexOf('@');
  const [user, host] = at < 0 ? [as, undefined] : [as.slice(0, at), as.slice(at + 1)];
  if (user === '' || host === '') {
    throw new KnownError('USAGE', `--as: expected USER@HOST, got "${as}"`);
  }
  return host === undefined ? { user } : { user, host };
}

function checkOnce(argv: ExplainArguments): void {
  const { as, n, V, c, vendor, display, project, platform, ip, hostid, node } = argv;
  const once = { as, n, V, c, vendor, display, project, platform, ip, hostid, node };
  for (const [name, value] of Object.entries(once)) {
    if (!Array.isArray(value)) continue;
    const flag = name.length === 1 ? `-${name}` : `--${name}`;
    throw new KnownError('USAGE', `${flag}: expected it once, got it ${value.length} times`);
  }
}

function blockOf({ where, vendor, said }: Told, named: boolean): string {
  const place = named
    ? `${[where, vendor].filter((text) => text !== undefined).join(', ')}:\n`
    : '';
  if (isRefused(said)) return `${place}${reasonText(said)}\n`;
  return `${place}${explanationLines(said).join('\n')}\n`;
}

function asJson({ where, vendor, said }: Told) {
  if (!isRefused(said)) return { where, ...said };
  const { major, minor } = said.refusal;
  return { where, ...(vendor !== undefined && { vendor }), error: { code: major, minor } };
}
