import { createServer } from 'node:net';
import { KnownError } from '../../src/base/errors.ts';
import { connectClient } from '../../src/client/client.ts';
import { startServer } from '../../src/daemon/server.ts';
import type { LmutilIo } from '../../src/lmutil/io.ts';
import { startLicenseServer } from '../../src/testing/license-server.ts';
import { lines, lmutil } from '../lmutil/test-io.ts';

/** What provoking an error takes: files that go with the test, and a way to end what was started. */
export interface Stage {
  /** Writes a file and gives its path. */
  file(name: string, ...rows: readonly string[]): string;
  defer(end: () => unknown): void;
}

/** The code that came of it. */
export type Provoke = (stage: Stage) => Promise<number>;

/** One seat of a feature that floats. */
export const solve = 'INCREMENT solve acmed 1.0 permanent 1 SIGN=00';

const head = ['SERVER this_host ANY', 'VENDOR acmed'];

interface Asked {
  readonly feature?: string;
  readonly version?: string;
  readonly count?: number;
  readonly user?: string;
  readonly host?: string;
  readonly remoteDesktop?: boolean;
  /** Checkouts that are held before the one that counts. */
  readonly before?: number;
  /** Whose those are; absent: the same user's. */
  readonly as?: string;
  /** Serve files that a real license manager would not start on. */
  readonly lenient?: boolean;
}

/** Serves license lines and an options file, and asks for a seat as a client does. */
export async function served(
  stage: Stage,
  rows: readonly string[],
  options: readonly string[] = [],
  asked: Asked = {},
): Promise<number> {
  const server = await startLicenseServer({
    licenses: { name: 'a.lic', text: lines(...head, ...rows) },
    lenient: asked.lenient ?? false,
    options: { acmed: { name: 'acmed.opt', text: lines(...options) } },
  });
  stage.defer(() => server.stop());
  return askFor(stage, server.address, asked);
}

/** Asks a server for a seat; the refusal's code, or 0. */
export async function askFor(stage: Stage, address: string, asked: Asked = {}): Promise<number> {
  const { feature = 'solve', version = '1.0', count = 1, user = 'ann', before = 0 } = asked;
  const { host = 'ws1', remoteDesktop = false, as = user } = asked;
  const given = { server: address, host, remoteDesktop, vendor: 'acmed' };
  const client = await connectClient({ ...given, user });
  const holder = as === user ? client : await connectClient({ ...given, user: as });
  stage.defer(() => [client, holder].map((each) => each.close()));
  for (let held = 0; held < before; held++) await holder.checkout(feature);
  const result = await client.checkout(feature, { version, count });
  return result.ok ? 0 : result.refusal.major;
}

/** A server of `solve`, unless the configuration says otherwise. */
export async function manager(stage: Stage, config: Partial<Parameters<typeof startServer>[0]>) {
  const text = lines('SERVER this_host ANY', 'VENDOR acmed', solve);
  const server = await startServer({ licenses: [{ name: 'a.lic', text }], port: 0, ...config });
  stage.defer(() => server.stop());
  return server;
}

/** Runs a tool; the code its exit status stands for. */
export async function tool(
  args: readonly string[],
  overrides: Partial<LmutilIo> = {},
): Promise<number> {
  const { status } = await lmutil(args, { overrides });
  return status === 0 ? 0 : status - 256;
}

/** A server that is none: it does to every connection what it is told. Gives its port. */
export function stranger(
  stage: Stage,
  greet: (socket: import('node:net').Socket) => void,
): Promise<number> {
  const server = createServer((socket) => {
    stage.defer(() => socket.destroy());
    socket.on('error', () => {});
    greet(socket);
  });
  stage.defer(() => server.close());
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}

/** The code of a failure that comes as an error. */
export async function thrown(promise: Promise<unknown>): Promise<number> {
  try {
    await promise;
    return 0;
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return (error.details['refusal'] as { major: number } | undefined)?.major ?? 0;
  }
}
