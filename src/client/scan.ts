import type { ClientContext } from './context.ts';
import type { Greeted } from './greeting.ts';
import { type Endpoint, endpointText } from './license-path.ts';
import { ManagerLine } from './manager-line.ts';
import { daemonNames } from './public-commands.ts';
import { isRefused } from './refused.ts';

/** What listens at a port. */
export interface ScannedPort {
  readonly host: string;
  readonly port: number;
  readonly kind: 'license manager' | 'other';
  /** Of a license manager: such as 11.18. */
  readonly version?: string;
  readonly fauxlm?: boolean;
  readonly vendors?: readonly string[];
  /** Of anything else: what it answered. */
  readonly answer?: string;
}

/** Ports tried at a time. */
const AT_A_TIME = 16;

/** Nobody listens there, or no answer ever comes. */
const silent: readonly number[] = [-15, -96, -52];

/**
 * Looks which of these ports license managers answer at, a few at a time, with the hello of any license client; gives
 * those where anything listens, in the order asked.
 */
export async function scanPorts(
  endpoints: readonly Endpoint[],
  context: ClientContext,
): Promise<readonly ScannedPort[]> {
  const found = new Array<ScannedPort | undefined>(endpoints.length);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < endpoints.length) {
      const at = next++;
      found[at] = await scanPort(endpoints[at]!, context);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, endpoints.length) }, work));
  return found.flatMap((each) => each ?? []);
}

async function scanPort(
  endpoint: Endpoint,
  context: ClientContext,
): Promise<ScannedPort | undefined> {
  const { host, port } = endpoint;
  const line = await ManagerLine.at(endpoint, context);
  if (isRefused(line)) {
    const { refusal, explanation } = line;
    if (silent.includes(refusal.major)) return undefined;
    const answer = (explanation?.[0] ?? refusal.sysText ?? '').replace(
      `${endpointText(endpoint)}: `,
      '',
    );
    return { host, port, kind: 'other', answer };
  }
  try {
    return { host, port, kind: 'license manager', ...(await detailsOf(line.greeted, context)) };
  } finally {
    line.close();
  }
}

async function detailsOf(greeted: Greeted, context: ClientContext) {
  const { own, versionMajor, versionMinor } = greeted;
  const names = await daemonNames(greeted, context);
  return {
    version: `${versionMajor}.${versionMinor}`,
    fauxlm: own,
    vendors: isRefused(names) ? [] : names,
  };
}
