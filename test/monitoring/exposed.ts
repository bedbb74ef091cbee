import { makeClock } from '../../src/base/clock-setting.ts';
import { startControlPlane } from '../../src/control/control-plane.ts';
import { startServer } from '../../src/daemon/server.ts';

const text = [
  'SERVER one ANY 27701',
  'SERVER two ANY 27702',
  'SERVER three ANY 27703',
  'VENDOR acmed',
  'INCREMENT solve acmed 2.0 31-jan-2030 1 SIGN=00',
  '',
].join('\n');

/** Names of the metrics that servers expose, with the names of the labels of each. */
export async function exposedMetrics(): Promise<ReadonlyMap<string, string>> {
  const single = await metricsOf({});
  const hosts = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
  const member = await metricsOf({ triadWish: { member: '1', hosts } });
  const exposed = new Map<string, string>();
  for (const line of [...single, ...member]) {
    const [, name, labels = ''] = /^([a-z_]+)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === undefined) continue;
    exposed.set(name, [...labels.matchAll(/([a-z_]+)="/g)].map(([, label]) => label).join());
  }
  return exposed;
}

/** Samples of a server at which a seat was taken, one denied, one waited for and given back. */
async function metricsOf(
  setting: Pick<Parameters<typeof startServer>[0], 'triadWish'>,
): Promise<readonly string[]> {
  const clock = makeClock({ kind: 'manual', at: Date.UTC(2030, 0, 7, 9) });
  const isMember = setting.triadWish !== undefined;
  const licenses = [{ name: 'a.lic', text: isMember ? text : text.replace(/SERVER t.*\n/g, '') }];
  const server = await startServer({ ...setting, licenses, port: 0, clock, timeZone: 'UTC' });
  const control = await startControlPlane(server, { host: '127.0.0.1', port: 0 });
  try {
    const ask = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json' };
      const asked = { method: 'POST', headers, body: JSON.stringify(body) };
      return (await (await fetch(control.url + path, asked)).json()) as {
        readonly checkout?: { readonly id: string };
      };
    };
    const ann = { feature: 'solve', user: 'ann', host: 'ws1' };
    const held = await ask('/checkout', ann);
    await ask('/checkout', { ...ann, user: 'ben' });
    await ask('/checkout', { ...ann, user: 'cid', whenInUse: 'queue' });
    if (held.checkout) await ask('/checkin', { id: held.checkout.id });
    const response = await fetch(`${control.url}/metrics`);
    return (await response.text()).split('\n');
  } finally {
    await control.close();
    await server.stop();
  }
}
