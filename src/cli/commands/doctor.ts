import { homedir } from 'node:os';
import type { Argv, CommandModule } from 'yargs';
import { KnownError } from '../../base/errors.ts';
import { type Candidate, candidatesOf } from '../../client/candidates.ts';
import { type ClientContext, clientContext } from '../../client/context.ts';
import { examineServer, type HopFinding } from '../../client/doctor.ts';
import { askExplanations } from '../../client/explanations.ts';
import { addressText, type PathElement, type ServerAddress } from '../../client/license-path.ts';
import { isRefused } from '../../client/refused.ts';
import { searchPath } from '../../client/search-path.ts';
import { withExamples } from '../examples.ts';
import { exitStatus } from '../exit.ts';
import { clientWaits } from '../flag-values.ts';

interface DoctorArguments {
  readonly server: string | undefined;
  readonly feature: string | undefined;
  readonly timeout: number;
  readonly json: boolean;
}

/** `fauxlm doctor [SERVER]`: which hop on the way to a license fails, and what to do about it. */
export const doctorCommand: CommandModule<object, DoctorArguments> = {
  command: 'doctor [server]',
  describe: 'find which hop to a license server fails, and what to do about it',
  builder: ((yargs: Argv) =>
    withExamples(
      yargs
        .positional('server', {
          type: 'string',
          describe: 'port@host, triad or license file [the environment]',
        })
        .options({
          feature: { type: 'string', describe: 'ask about this feature, too' },
          timeout: { type: 'number', default: 5, describe: 'seconds to wait at each hop' },
          json: { type: 'boolean', default: false, describe: 'as JSON' },
        })
        .epilogue(
          'Nothing is checked out. Exit status 0 when every hop is right, 3 when one fails.',
        ),
      [
        ['doctor 27000@localhost', 'name, ports, protocol, clock, vendor daemons'],
        ['doctor 27000@localhost --feature solve', 'and whether a feature is to be had'],
      ],
    )) as never,
  handler: async (argv) => {
    process.exitCode = await runDoctor(argv, (text) => process.stdout.write(text));
  },
};

interface Examined {
  readonly server: string;
  readonly hops: readonly HopFinding[];
}

async function runDoctor(
  { server, feature, timeout, json }: DoctorArguments,
  out: (text: string) => void,
): Promise<number> {
  const context = clientContext(clientWaits(timeout, 600));
  const path = searchPath({
    ...(server === undefined ? {} : { explicit: server }),
    ...{ env: process.env, home: homedir(), platform: process.platform },
  });
  const examined = await examineAll(path, feature, context);
  if (examined.length === 0) throw await nothingToExamine(server, path, context);
  if (json) out(`${JSON.stringify(examined, null, 2)}\n`);
  else out(examined.map(blockOf).join('\n'));
  return examined.every(isRight) ? exitStatus.ok : exitStatus.environment;
}

function isRight({ hops }: Examined): boolean {
  return hops.every(({ state }) => state !== 'fail');
}

/** What is wrong with a path that names no server. */
async function nothingToExamine(
  server: string | undefined,
  path: readonly PathElement[],
  context: ClientContext,
): Promise<KnownError> {
  if (server === undefined) {
    const text =
      'doctor: expected port@host, a license file with SERVER lines, or LM_LICENSE_FILE, got none';
    const [first] = path;
    const looked = first === undefined ? '' : `; looked in ${first.text} (${first.origin})`;
    return new KnownError('USAGE', `${text}${looked}`);
  }
  const candidates = await Promise.all(path.map((element) => offersOf(element, context)));
  const refusals = candidates.flat().filter((each) => each.kind === 'refused');
  const [reason] = refusals.flatMap(({ refused }) => refused.explanation ?? []);
  const got = reason ?? `${server}, which has none`;
  const text = `doctor: expected port@host, or a license file with SERVER lines, got: ${got}`;
  const isName = /^[\w.-]+$/.test(server) && !/\.(?:lic|dat|txt|log|ya?ml)$/i.test(server);
  return new KnownError('USAGE', isName ? `${text}; a host is written @${server}` : text);
}

async function examineAll(
  path: readonly PathElement[],
  feature: string | undefined,
  context: ClientContext,
): Promise<readonly Examined[]> {
  const examined: Examined[] = [];
  for (const element of path) {
    for (const address of await addressesOf(element, context)) {
      const hops = await examineServer(address, context);
      examined.push({ server: addressText(address), hops });
    }
    const last = examined.at(-1);
    if (feature === undefined || last === undefined || !isRight(last)) continue;
    const hops = [...last.hops, await examineFeature(feature, element, context)];
    examined[examined.length - 1] = { ...last, hops };
  }
  return examined;
}

async function addressesOf(
  element: PathElement,
  context: ClientContext,
): Promise<readonly ServerAddress[]> {
  const candidates = await offersOf(element, context);
  return candidates.flatMap((each) => (each.kind === 'server' ? each.addresses : []));
}

function offersOf(element: PathElement, context: ClientContext): Promise<readonly Candidate[]> {
  return candidatesOf(element, { feature: 'any', version: '0.0', count: 1, data: '' }, context);
}

/** Whether this process would be granted it. */
async function examineFeature(
  feature: string,
  element: PathElement,
  context: ClientContext,
): Promise<HopFinding> {
  const request = { feature, version: '0.0', count: 1, data: '', as: {} };
  const answers = await askExplanations(request, [element], context);
  const said = answers.at(-1)?.said;
  if (said === undefined || isRefused(said)) {
    const code = said === undefined ? '' : ` (${said.refusal.major},${said.refusal.minor})`;
    const fix = 'only servers of fauxlm explain: ask with lmutil lmstat -f, or by a checkout';
    return { hop: 'feature', state: 'warn', text: `${feature}: no word on it${code}`, fix };
  }
  const { answer } = said;
  if (answer.granted) {
    return { hop: 'feature', state: 'ok', text: `${feature} would be granted, ${answer.version}` };
  }
  const text = `${feature} would be refused (${answer.code},${answer.minor})`;
  const fix = `fauxlm explain ${feature} tells why, rule by rule`;
  return { hop: 'feature', state: 'fail', text, fix };
}

function blockOf({ server, hops }: Examined): string {
  const lines = hops.map(({ hop, state, text, fix }) => {
    const line = `  ${state.padEnd(4)}  ${hop.padEnd(8)}  ${text}\n`;
    return fix === undefined ? line : `${line}${' '.repeat(18)}-> ${fix}\n`;
  });
  return `${server}\n${lines.join('')}`;
}
