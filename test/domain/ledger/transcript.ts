import type { EpochMs } from '../../../src/base/clock.ts';
import type { Refusal } from '../../../src/base/refusal.ts';
import { audit } from '../../../src/domain/ledger/audit.ts';
import type { Command, QueueMode } from '../../../src/domain/ledger/commands.ts';
import { denials } from '../../../src/domain/ledger/denials.ts';
import type { LedgerEvent, SeatTaken } from '../../../src/domain/ledger/events.ts';
import { explain } from '../../../src/domain/ledger/explanation.ts';
import {
  createLedger,
  decide,
  decideReread,
  type Ledger,
  nextDeadline,
  record,
  replaceDefinitions,
} from '../../../src/domain/ledger/ledger.ts';
import type { Client, Pool } from '../../../src/domain/ledger/model.ts';
import { perform, serveQueue } from '../../../src/domain/ledger/performance.ts';
import type { Activity } from '../../../src/domain/ledger/quiet-sessions.ts';
import { snapshot } from '../../../src/domain/ledger/snapshot.ts';
import type { PoolDefinition } from '../../../src/domain/license/pool-definition.ts';
import type { OptionsFile } from '../../../src/domain/options/model.ts';
import type { SeatRules } from '../../../src/domain/options/rules.ts';
import type { SeatTimes } from '../../../src/domain/options/time-rules.ts';
import { explanationLines } from '../../../src/text/explanation.ts';
import { makeClient, monday } from '../../make.ts';

/**
 * Runs a transcript: blocks of `# why`, a command line, for `license` and `reread` the license
 * file's lines, `----`, and what came of it. Returns the same text with what really came of it.
 */
export function runTranscript(text: string, definitionsOf: DefinitionsOf): string {
  const stage = new Stage(definitionsOf);
  return text
    .trimEnd()
    .split('\n\n')
    .map((block) => runBlock(stage, block))
    .join('\n\n')
    .concat('\n');
}

/** From the texts of a license file and an options file to a vendor's pools, in order, and the rules about them. */
export type DefinitionsOf = (
  licenseText: string,
  optionsText: string,
  vendor: string,
) => {
  readonly definitions: readonly PoolDefinition[];
  readonly rules: SeatRules;
  readonly times: SeatTimes;
  readonly options: OptionsFile;
};

/** In the body of `license` and `reread`: what follows is the options file. */
const OPTIONS_MARK = 'acmed.opt:\n';

function runBlock(stage: Stage, block: string): string {
  const [input = ''] = block.split('\n----');
  const lines = input.split('\n');
  const start = lines.findIndex((line) => !line.startsWith('#'));
  if (start < 0) return block;
  const [words = '', ...body] = lines.slice(start);
  const output = stage.run(words, body.join('\n'));
  return [input, '----', ...(output.length > 0 ? output : ['nothing'])].join('\n');
}

/** Words such as `checkout user=ann host=ws1`. */
type Fields = Readonly<Record<string, string>>;

class Stage {
  #ledger: Ledger | undefined;
  #now: EpochMs = monday;
  #vendor = 'acmed';
  #options: OptionsFile | undefined;
  readonly #definitionsOf: DefinitionsOf;

  constructor(definitionsOf: DefinitionsOf) {
    this.#definitionsOf = definitionsOf;
  }

  run(words: string, body: string): string[] {
    const [verb = '', ...pairs] = words.split(' ');
    const fields = Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/, 2))) as Fields;
    if (verb === 'license') return this.#license(body, fields);
    if (verb === 'reread') return this.#reread(body);
    if (verb === 'status') return status(this.#made);
    if (verb === 'explain') return this.#explain(fields);
    if (verb === 'now') {
      this.#now = Date.parse(fields['at'] ?? '');
      return this.#perform({ kind: 'timePassed' });
    }
    if (verb === 'clock') {
      // The clock moves and nobody tells the ledger.
      this.#now = Date.parse(fields['at'] ?? '');
      return [];
    }
    return this.#perform(commandOf(verb, fields));
  }

  get #made(): Ledger {
    if (this.#ledger === undefined) throw new Error('a transcript begins with license');
    return this.#ledger;
  }

  #license(body: string, { zone = 'UTC', at, vendor = 'acmed', server }: Fields): string[] {
    if (at !== undefined) this.#now = Date.parse(at);
    this.#vendor = vendor;
    const serverHosts = server === undefined ? {} : { serverHosts: [server] };
    const options = { vendor, timeZone: zone, ...serverHosts };
    const { definitions, rules, times } = this.#read(body);
    this.#ledger = createLedger(definitions, options, this.#now, rules, times);
    return status(this.#ledger);
  }

  /** All but the line that names the time. */
  #explain(fields: Fields): string[] {
    const command = commandOf('checkout', fields);
    if (command.kind !== 'checkout') return [];
    const before = JSON.stringify(snapshot(this.#made));
    const explanation = explain(this.#made, command, this.#now, this.#options);
    if (JSON.stringify(snapshot(this.#made)) !== before) return ['explain changed the ledger'];
    const [answer = '', , ...lines] = explanationLines(explanation);
    return [answer, ...lines.filter((line) => line !== '').map(inUtc)];
  }

  #reread(body: string): string[] {
    const { definitions, rules, times } = this.#read(body);
    const events = decideReread(this.#made, definitions, this.#now);
    for (const event of events) record(this.#made, event);
    replaceDefinitions(this.#made, definitions, this.#now, rules, times);
    const served: LedgerEvent[] = [];
    serveQueue(this.#made, this.#now, (event) => served.push(event));
    const told = [...events, ...served].map(renderEvent);
    return [...told, ...status(this.#made), ...audit(this.#made)];
  }

  #read(body: string): ReturnType<DefinitionsOf> {
    const [license = '', options = ''] = body.split(OPTIONS_MARK);
    const read = this.#definitionsOf(license, options, this.#vendor);
    this.#options = read.options;
    return read;
  }

  #perform(command: Command): string[] {
    const before = JSON.stringify(snapshot(this.#made));
    decide(this.#made, command, this.#now);
    if (JSON.stringify(snapshot(this.#made)) !== before) return ['decide changed the ledger'];
    const events: LedgerEvent[] = [];
    perform(this.#made, command, this.#now, (event) => events.push(event));
    return [...events.map(renderEvent), ...audit(this.#made)];
  }
}

function commandOf(verb: string, fields: Fields): Command {
  const { feature = 'solver', user = 'ann', host = 'ws1', display = '/dev/pts/0' } = fields;
  const session = Number(fields['session'] ?? 1);
  const handle = Number(fields['handle'] ?? 0);
  switch (verb) {
    case 'checkout':
      return {
        kind: 'checkout',
        session,
        client: clientOf(fields),
        feature,
        version: fields['version'] ?? '0.0',
        count: Number(fields['count'] ?? 1),
        data: fields['data'] ?? '',
        skewMs: fields['skew'] === undefined ? undefined : Number(fields['skew']) * 3_600_000,
        queue: fields['queue'] as QueueMode | undefined,
        borrowUntil: fields['borrow'] === undefined ? undefined : Date.parse(fields['borrow']),
      };
    case 'checkin':
      return { kind: 'checkin', session, handle };
    case 'disconnect':
      return { kind: 'disconnect', session };
    case 'returnBorrow':
      return { kind: 'returnBorrow', session, feature, borrower: { user, host } };
    case 'giveUpBorrow':
      return { kind: 'giveUpBorrow', handle };
    case 'restore':
      return {
        kind: 'restore',
        borrow: {
          client: clientOf(fields),
          ...{ feature, pool: '', poolVersion: fields['version'] ?? '1.0', version: '1.0' },
          ...{ count: Number(fields['count'] ?? 1), data: '' },
          until: Date.parse(fields['until'] ?? ''),
          totalMs: Number(fields['total'] ?? 0) * 1000,
        },
      };
    case 'leaveQueue':
      return { kind: 'leaveQueue', session, handle };
    case 'activity':
      return {
        kind: 'activity',
        session,
        activity: (fields['is'] ?? 'active') as Activity,
        since: Date.parse(fields['since'] ?? ''),
      };
    case 'remove':
      return { kind: 'remove', feature, handle };
    case 'removeClient':
      return { kind: 'removeClient', feature, user, host, display };
    case 'withdraw':
      return {
        kind: 'withdraw',
        features: fields['features']?.split(','),
        users: fields['users']?.split(','),
        hosts: fields['hosts']?.split(','),
        refusal: { major: -5, minor: 346 },
      };
    case 'stop':
      return { kind: 'stop' };
    default:
      throw new Error(`no such transcript command: ${verb}`);
  }
}

function clientOf(fields: Fields): Client {
  const { user = 'ann', host = 'ws1', display = '/dev/pts/0' } = fields;
  const { platform = 'x64_lsb', hostid = '020000000001', address = '127.0.0.1' } = fields;
  const { project = '', node = '' } = fields;
  const session = fields['desktop'] === 'remote' ? { remoteDesktop: true } : {};
  const known = { user, host, display, platform, address, project, hostids: [hostid] };
  return makeClient({ ...known, node, ...session });
}

/** Explanations tell times in the zone of who reads them. */
function inUtc(line: string): string {
  const stamp = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d/g;
  return line.replace(stamp, (time) => new Date(time).toISOString());
}

const stays = { linger: 'lingers', borrow: 'is borrowed' } as const;

function status(ledger: Ledger): string[] {
  const deadline = nextDeadline(ledger);
  return [
    ...snapshot(ledger).features.flatMap(({ pools }) =>
      pools.flatMap(({ feature, version, counted, capacity, overdraft, used, phase, ...rest }) => {
        const beyond = overdraft > 0 ? ` with ${overdraft} overdraft` : '';
        const seats = counted ? `${used} of ${capacity}${beyond}` : `${used} of any`;
        const staying = rest.checkouts.flatMap(({ handle, user, stay }) =>
          stay
            ? [
                `  ${handle} of ${user} ${stays[stay.kind]} until ${new Date(stay.until).toISOString()}`,
              ]
            : [],
        );
        const queued = rest.queued.map(({ handle, user, count: wanted }) => {
          return `  ${handle} of ${user} waits for ${wanted}`;
        });
        const idle = rest.reservations.map(({ count, type, name }) => {
          return `  ${count} reserved for ${type} ${name}`;
        });
        return [`pool ${feature} v${version} ${seats} ${phase}`, ...staying, ...queued, ...idle];
      }),
    ),
    ...(deadline === undefined ? [] : [`next deadline ${new Date(deadline).toISOString()}`]),
  ];
}

/** One event on one line. */
export function renderEvent(event: LedgerEvent): string {
  return [event.kind, ...wordsOf(event)].join(' ');
}

function wordsOf(event: LedgerEvent): readonly (string | number)[] {
  const who = 'client' in event ? `${event.client.user}@${event.client.host}` : '';
  switch (event.kind) {
    case 'seatTaken':
      return [
        ...[event.handle, pool(event), who, `count=${event.count}`, `added=${event.added}`],
        ...companion(event),
        ...(event.borrow ? [`borrowed=${new Date(event.borrow.until).toISOString()}`] : []),
      ];
    case 'seatReturned':
      return [event.handle, pool(event), who, event.reason, `freed=${event.freed}`];
    case 'seatKept': {
      const until = `until=${new Date(event.until).toISOString()}`;
      return [event.handle, pool(event), who, event.reason, until, ...(event.cut ? ['cut'] : [])];
    }
    case 'borrowConfirmed':
    case 'borrowLost': {
      const until = `until=${new Date(event.until).toISOString()}`;
      return [event.kind === 'borrowLost' ? '' : event.handle, event.feature, who, until];
    }
    case 'checkoutQueued':
      return [event.handle, event.feature, who, `count=${event.count}`, event.queue];
    case 'checkoutDequeued': {
      const why =
        event.refusal === undefined ? [] : [`(${event.refusal.major},${event.refusal.minor})`];
      return [event.handle, event.feature, who, event.reason, ...why];
    }
    case 'queueServed':
    case 'queueRelined':
      return [];
    case 'sessionQuieted': {
      const since = `since=${new Date(event.since).toISOString()}`;
      return [`session=${event.session}`, event.activity, since];
    }
    case 'checkoutDenied':
      return [event.feature, who, denialId(event.refusal), code(event)];
    case 'featureUnsupported':
      return [event.feature, who, code(event)];
    case 'checkinRefused':
      return [`session=${event.session}`, `handle=${event.handle}`, code(event)];
    case 'poolCapacityChanged':
      return [pool(event), `capacity=${event.capacity}`, ...(event.expired ? ['expired'] : [])];
  }
}

function companion({ suiteHandle, componentHandle }: SeatTaken): readonly string[] {
  if (suiteHandle !== undefined) return [`suite=${suiteHandle}`];
  return componentHandle === undefined ? [] : [`component=${componentHandle}`];
}

function pool(event: { readonly pool: Pool; readonly feature: string }): string {
  return `${event.feature} v${event.pool.definition.version}`;
}

function code({ refusal }: Extract<LedgerEvent, { refusal: unknown }>): string {
  return `(${refusal.major},${refusal.minor})`;
}

function denialId({ major, minor }: Refusal): string {
  return denials.find((row) => row.major === major && row.minor === minor)?.id ?? 'unknown';
}
