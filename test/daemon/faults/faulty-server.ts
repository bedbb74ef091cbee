import { onTestFinished } from 'vitest';
import { connectClient } from '../../../src/client/client.ts';
import type { ClientCheckout, ClientRefusal } from '../../../src/client/client-answers.ts';
import type { LicenseClient } from '../../../src/client/license-client.ts';
import {
  type LicenseServerOptions,
  startLicenseServer,
  type TestLicenseServer,
} from '../../../src/testing/license-server.ts';

export const acmed = [
  'SERVER this_host ANY',
  'VENDOR acmed',
  'INCREMENT solve acmed 2.0 permanent 5 SIGN=00',
  'INCREMENT mesh acmed 2.0 31-dec-2035 5 SIGN=00',
  '',
].join('\n');
export const both = `${acmed}VENDOR betad\nINCREMENT view betad 1.0 permanent 5 SIGN=00\n`;

/** A server of its own for a test, on five seats of solve and of mesh. */
export async function faulty(more: Partial<LicenseServerOptions> = {}): Promise<TestLicenseServer> {
  const server = await startLicenseServer({
    licenses: { name: 'acme.lic', text: acmed },
    ...more,
  });
  onTestFinished(() => server.stop());
  return server;
}

/** How long a client of a test waits for what will not come. */
const PATIENCE_MS = 300;

/** A client that is connected to the manager; to the daemon it goes when it checks out. */
export async function client(
  server: { readonly address: string },
  user = 'ann',
  host = 'ws1',
  patienceMs = PATIENCE_MS,
): Promise<LicenseClient> {
  const made = await connectClient({
    server: server.address,
    user,
    host,
    context: { connectTimeoutMs: patienceMs, answerTimeoutMs: patienceMs },
  });
  onTestFinished(() => made.close());
  return made;
}

/** What a checkout by a new client comes to: `granted`, or the codes of the refusal. */
export async function outcome(
  server: { readonly address: string },
  { user = 'ann', host = 'ws1', feature = 'solve', patienceMs = PATIENCE_MS } = {},
): Promise<string> {
  try {
    const asking = await client(server, user, host, patienceMs);
    const answer = await asking.checkout(feature);
    asking.close();
    return codes(answer);
  } catch (error) {
    const { refusal } =
      (error as { details?: { refusal?: ClientRefusal['refusal'] } }).details ?? {};
    if (refusal === undefined) throw error;
    return codes({ ok: false, refusal, text: '' });
  }
}

export function codes(answer: ClientCheckout | ClientRefusal): string {
  if (answer.ok) return 'granted';
  const { major, minor, sys } = answer.refusal;
  return sys === undefined ? `${major},${minor}` : `${major},${minor}:${sys}`;
}
