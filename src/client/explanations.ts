import type { Explanation } from '../domain/ledger/explanation.ts';
import { OWN_VERSION } from '../wire/messages/own.ts';
import { type CheckoutRequest, checkRequest } from './checkout-request.ts';
import type { Connection } from './connection.ts';
import type { ClientContext } from './context.ts';
import { readExplanation } from './explanation-reading.ts';
import { type Greeted, notOurs } from './greeting.ts';
import { type Endpoint, endpointText, type PathElement } from './license-path.ts';
import { ManagerLine } from './manager-line.ts';
import { isRefused, type Refused, refused, refusedBy, senseless } from './refused.ts';
import { servingDaemons } from './serving-daemons.ts';

/** What to explain, and for whom: words by the names that `explain` of docs/protocol.md lists. */
export interface ExplainRequest extends CheckoutRequest {
  readonly vendor?: string;
  readonly as: Readonly<Record<string, string>>;
}

/** What one vendor daemon of a license path said, or why it said nothing. */
export interface Explained {
  /** `27000@host` */
  readonly where: string;
  readonly vendor?: string;
  readonly said: Explanation | Refused;
}

/** An explanation is told in pieces; more than this together is none. */
const EXPLANATION_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Has the vendor daemons of a license path explain, in the order in which a checkout would ask them, up to the one
 * that would grant. License files of the path stand for the servers they name.
 * @throws KnownError USAGE for a request that cannot be put into a message.
 */
export async function askExplanations(
  request: ExplainRequest,
  path: readonly PathElement[],
  context: ClientContext,
): Promise<readonly Explained[]> {
  checkRequest(request);
  const all: Explained[] = [];
  for (const element of path) {
    for (const endpoint of await endpointsOf(element, request, context)) {
      all.push(...(await atManager(endpoint, request, context)));
      const last = all.at(-1)?.said;
      if (last !== undefined && !isRefused(last)) {
        if (last.answer.granted) return all;
        break;
      }
    }
  }
  return all;
}

async function endpointsOf(
  element: PathElement,
  request: ExplainRequest,
  context: ClientContext,
): Promise<readonly Endpoint[]> {
  const { candidatesOf } = await import('./candidates.ts');
  const candidates = await candidatesOf(element, request, context);
  return candidates.flatMap((candidate) => {
    if (candidate.kind !== 'server') return [];
    return candidate.addresses.flatMap(({ host, ports }) => ports.map((port) => ({ host, port })));
  });
}

async function atManager(
  endpoint: Endpoint,
  request: ExplainRequest,
  context: ClientContext,
): Promise<readonly Explained[]> {
  const where = endpointText(endpoint);
  const line = await ManagerLine.at(endpoint, context);
  if (isRefused(line)) return [{ where, said: line }];
  try {
    const foreign = notOurs(line.greeted);
    if (foreign) return [{ where, said: foreign }];
    const { vendor, feature } = request;
    const serving =
      vendor === undefined ? await servingDaemons(line, feature, context) : { vendors: [vendor] };
    if (isRefused(serving)) return [{ where, said: serving }];
    const all: Explained[] = [];
    for (const name of serving.vendors) {
      const said = await atDaemon(await line.daemon(name), request);
      all.push({ where, vendor: name, said });
      if (!isRefused(said) && said.answer.granted) break;
    }
    return all;
  } finally {
    line.close();
  }
}

async function atDaemon(
  daemon: Greeted | Refused,
  request: ExplainRequest,
): Promise<Explanation | Refused> {
  if (isRefused(daemon)) return daemon;
  try {
    return notOurs(daemon) ?? (await ask(daemon.connection, request));
  } finally {
    daemon.connection.close();
  }
}

async function ask(
  connection: Connection,
  { feature, version, count, data, as }: ExplainRequest,
): Promise<Explanation | Refused> {
  const words = Object.entries(as).map(([name, value]) => ({ name, value }));
  const pieces: Buffer[] = [];
  let size = 0;
  let received = await connection.ask('explain', {
    ...{ ownVersion: OWN_VERSION, tag: 1, flags: 0, count, feature, version, data },
    as: words,
  });
  for (;;) {
    if (received.kind === 'refused') return refusedBy(received, 'daemon');
    if (received.kind !== 'explanation') {
      return senseless('client', `expected an explanation, got ${received.kind}`);
    }
    const { json, more } = received.value;
    size += json.length;
    if (size > EXPLANATION_BYTES_MAX) return refused('client', { major: -12, minor: 6 });
    pieces.push(json);
    if (more === 0) break;
    received = await connection.next();
  }
  const explanation = readExplanation(Buffer.concat(pieces, size).toString('utf8'));
  return explanation ?? senseless('client', 'expected an explanation, got other JSON');
}
