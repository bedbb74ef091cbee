import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeClock } from '../../src/base/clock-setting.ts';
import { type ControlPlane, startControlPlane } from '../../src/control/control-plane.ts';
import { Exposition } from '../../src/control/exposition.ts';
import { type LicenseServer, startServer } from '../../src/daemon/server.ts';

const text = [
  'SERVER alpha ANY',
  'VENDOR acmed',
  'INCREMENT solve acmed 2.0 31-jan-2030 5 SIGN=00',
  'INCREMENT mesh acmed 1.0 permanent 2 SIGN=00',
  'INCREMENT free acmed 1.0 permanent uncounted HOSTID=ANY SIGN=00',
  '',
].join('\n');
const options = 'GROUP crew eve\nRESERVE 1 solve GROUP crew\nRESERVE 2 solve HOST ws9\n';

let server: LicenseServer;
let control: ControlPlane;

beforeEach(async () => {
  const clock = makeClock({ kind: 'manual', at: Date.UTC(2030, 0, 7, 9) });
  const licenses = [{ name: 'a.lic', text }];
  const vendors = { acmed: { name: 'acmed.opt', text: options } };
  server = await startServer({ licenses, options: vendors, port: 0, clock, timeZone: 'UTC' });
  control = await startControlPlane(server, { host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  await control.close();
  await server.stop();
});

async function metrics(query = ''): Promise<readonly string[]> {
  const response = await fetch(`${control.url}/metrics${query}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return (await response.text()).trimEnd().split('\n');
}

async function checkout(body: object): Promise<string | undefined> {
  const headers = { 'content-type': 'application/json' };
  const asked = { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await (await fetch(`${control.url}/checkout`, asked)).json();
  return (answer as { checkout?: { id: string } }).checkout?.id;
}

const ann = { user: 'ann', host: 'ws1' };

test('flexlm_exporter would say the same, by the same names and labels', async () => {
  await checkout({ ...ann, feature: 'solve' });
  await checkout({ ...ann, feature: 'solve', version: '1.5' });
  const lines = await metrics();
  const { port } = server;
  const since = Date.UTC(2030, 0, 7, 9) / 1_000;
  const user = `app="acmed",name="solve",since="${since}",user="ann"`;
  expect(lines).toEqual(
    expect.arrayContaining([
      'flexlm_lmstat_info{arch="x64_lsb",build="' +
        lines.join().match(/build="(\d+)"/)![1] +
        '",version="v11.18.1"} 1',
      `flexlm_server_status{app="acmed",fqdn="alpha",master="true",port="${port}",version="v11.18.1"} 1`,
      'flexlm_vendor_status{app="acmed",name="acmed",version="v11.18.1"} 1',
      'flexlm_feature_issued{app="acmed",name="solve"} 5',
      'flexlm_feature_used{app="acmed",name="solve"} 5',
      'flexlm_feature_used{app="acmed",name="mesh"} 0',
      `flexlm_feature_used_users{${user},version="(v0.0)"} 1`,
      `flexlm_feature_used_users{${user},version="(v1.5)"} 1`,
      'flexlm_feature_reserved_groups{app="acmed",group="crew",name="solve"} 1',
      'flexlm_feature_reserved_host{app="acmed",host="ws9",name="solve"} 2',
      `flexlm_feature_expiration_seconds{app="acmed",index="1",licenses="5",name="solve",vendor="acmed",version="2.0"} ${Date.UTC(2030, 0, 31) / 1_000}`,
      'flexlm_feature_expiration_seconds{app="acmed",index="2",licenses="2",name="mesh",vendor="acmed",version="1.0"} +Inf',
      `flexlm_feature_aggregate_expiration_seconds{app="acmed",features="1",index="0",licenses="5"} ${Date.UTC(2030, 0, 31) / 1_000}`,
    ]),
  );
  expect(lines.filter((line) => line.startsWith('flexlm_feature_issued{'))).toHaveLength(2);
  expect((await metrics('?users=no')).join('\n')).not.toContain('used_users');
});

test('what happens is counted: grants, denials by code, returns, waits', async () => {
  await checkout({ ...ann, feature: 'mesh' });
  const second = await checkout({ ...ann, feature: 'mesh' });
  await checkout({ ...ann, feature: 'mesh' });
  await checkout({ ...ann, feature: 'nothing-of-the-kind' });
  await checkout({ ...ann, feature: 'mesh', user: 'bob', whenInUse: 'queue' });
  await server.clock.advance('40s');
  const lines = await metrics();
  expect(lines).toEqual(
    expect.arrayContaining([
      'fauxlm_feature_queued{feature="mesh",vendor="acmed"} 1',
      'fauxlm_feature_utilisation_ratio{feature="mesh",vendor="acmed"} 1',
      'fauxlm_feature_expiry_days{feature="solve",vendor="acmed"} 24',
      'fauxlm_checkouts_granted_total{feature="mesh",vendor="acmed"} 2',
      'fauxlm_checkouts_denied_total{code="-4",feature="mesh",vendor="acmed"} 1',
      'fauxlm_checkouts_denied_total{code="-5",feature="",vendor="acmed"} 1',
      'fauxlm_vendor_up{vendor="acmed"} 1',
    ]),
  );
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ id: second });
  await fetch(`${control.url}/checkin`, { method: 'POST', headers, body });
  const after = await metrics();
  expect(after).toEqual(
    expect.arrayContaining([
      'fauxlm_checkouts_returned_total{feature="mesh",reason="checkin",vendor="acmed"} 1',
      'fauxlm_queue_wait_seconds_bucket{feature="mesh",le="15",vendor="acmed"} 0',
      'fauxlm_queue_wait_seconds_bucket{feature="mesh",le="60",vendor="acmed"} 1',
      'fauxlm_queue_wait_seconds_bucket{feature="mesh",le="+Inf",vendor="acmed"} 1',
      'fauxlm_queue_wait_seconds_sum{feature="mesh",vendor="acmed"} 40',
      'fauxlm_queue_wait_seconds_count{feature="mesh",vendor="acmed"} 1',
    ]),
  );
});

test('the text is one that Prometheus reads: each metric is described once, each series told once', async () => {
  for (const user of ['ann', 'bob']) await checkout({ feature: 'mesh', user, host: 'ws1' });
  const lines = await metrics();
  const described = new Set<string>();
  const series = new Set<string>();
  let current = '';
  for (const line of lines) {
    const head = /^# (HELP|TYPE) ([a-z_]+) /.exec(line);
    if (head?.[1] === 'HELP') {
      expect(described.has(head[2]!), line).toBe(false);
      described.add(head[2]!);
      current = head[2]!;
      continue;
    }
    if (head) continue;
    const sample =
      /^([a-z_]+)(?:\{[a-z_]+="(?:[^"\\\n]|\\.)*"(?:,[a-z_]+="(?:[^"\\\n]|\\.)*")*\})? (?:[-+0-9.e]+|\+Inf)$/.exec(
        line,
      );
    expect(sample, line).not.toBeNull();
    expect(sample![1]!.startsWith(current), line).toBe(true);
    const key = line.slice(0, line.lastIndexOf(' '));
    expect(series.has(key), line).toBe(false);
    series.add(key);
  }
  expect(described.size).toBeGreaterThan(25);
});

test('labels of any text stay one line', () => {
  const out = new Exposition();
  out.metric('a', 'gauge', 'Of "all"\nsorts \\.')({ user: 'a"b\\c\nd', app: 'ü' }, 1e21);
  expect(out.text).toBe(
    '# HELP a Of "all"\\nsorts \\\\.\n# TYPE a gauge\na{app="ü",user="a\\"b\\\\c\\nd"} 1e+21\n',
  );
});
