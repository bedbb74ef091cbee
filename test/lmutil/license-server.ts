import { onTestFinished } from 'vitest';
import type { MessageValue } from '../../src/wire/message.ts';
import { type messages, OWN_VERSION } from '../../src/wire/messages/index.ts';
import type { StatusRecord } from '../../src/wire/status-records.ts';
import {
  fail,
  greet,
  type Heard,
  type Script,
  ScriptedServer,
  sayText,
  type Talk,
} from '../client/scripted-server.ts';
import { localTime } from '../text/golden.ts';
import { encodeStatusRecord } from '../wire/status-bytes.ts';

/** Servers that say what they are told about their features and users: ours, and others' by public messages. */

export interface ScriptedVendor {
  readonly down?: boolean;
  /** One list a page; absent: the daemon is one page without records. */
  readonly pages?: readonly (readonly StatusRecord[])[];
  /** What an administrator's command comes to; 0 is done. */
  readonly admin?: (request: MessageValue<typeof messages.adminRequest>) => number;
}

export interface ScriptedManager {
  readonly vendors: Readonly<Record<string, ScriptedVendor>>;
  readonly license?: string;
  readonly paths?: readonly string[];
  /** SERVER lines; absent: one, of this server. Port 0 is this server's own. */
  readonly servers?: readonly { host: string; port: number; state: number }[];
  readonly singlePort?: boolean;
  readonly admin?: ScriptedVendor['admin'];
}

/** Starts one of ours, and stops it with the test. */
export async function startOwn(manager: ScriptedManager): Promise<ScriptedServer> {
  const daemons = new Map<string, ScriptedServer>();
  const scripts = new Map(
    Object.entries(manager.vendors).map(([name, vendor]) => [name, daemonScript(name, vendor)]),
  );
  if (!manager.singlePort) {
    for (const [name, script] of scripts) daemons.set(name, await start(script));
  }
  const became = new WeakMap<Talk, Script>();
  const server: ScriptedServer = await start((heard, talk) => {
    const daemon = became.get(talk);
    if (daemon) return daemon(heard, talk);
    if (heard.kind !== 'hello') return answerManager(manager, server.port, heard, talk);
    const { vendor } = heard.value;
    if (vendor === '') return greet(talk, Object.keys(manager.vendors)[0] ?? '');
    if (!scripts.has(vendor) || manager.vendors[vendor]?.down) return fail(talk, 0, -97);
    if (!manager.singlePort) {
      const { port } = daemons.get(vendor)!;
      return talk.send('redirect', { host: '127.0.0.1', port, trail: undefined });
    }
    became.set(talk, scripts.get(vendor)!);
    return greet(talk, vendor);
  });
  return server;
}

async function start(script: Script): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(script);
  onTestFinished(() => server.stop());
  return server;
}

function answerManager(manager: ScriptedManager, port: number, heard: Heard, talk: Talk): void {
  if (heard.kind === 'command') {
    const texts: Record<string, string> = {
      '': manager.license ?? '',
      getpaths: (manager.paths ?? []).join(':'),
      dlist: Object.keys(manager.vendors).join(' '),
    };
    return sayText(talk, texts[heard.value.command] ?? '');
  }
  if (heard.kind === 'adminRequest') return answerAdmin(manager.admin, heard.value, talk);
  if (heard.kind !== 'serverRequest') return;
  const servers = manager.servers ?? [{ host: 'alpha', port, state: 2 }];
  talk.send('serverAnswer', {
    ownVersion: OWN_VERSION,
    tag: heard.value.tag,
    host: 'alpha',
    port,
    version: '11.18.1',
    serverTime: 0,
    licensePaths: manager.paths ?? ['/opt/acme/acme.lic'],
    servers: servers.map((line) => ({ ...line, port: line.port || port, version: '11.18.1' })),
    vendors: Object.entries(manager.vendors).map(([name, { down }]) => ({
      name,
      state: down ? 0 : 1,
      port: 0,
      version: '11.18.1',
      pid: 1,
    })),
  });
}

function answerAdmin(
  admin: ScriptedVendor['admin'],
  request: MessageValue<typeof messages.adminRequest>,
  talk: Talk,
): void {
  const code = admin?.(request) ?? 0;
  if (code !== 0) return fail(talk, request.tag, code);
  talk.send('adminAnswer', { ownVersion: OWN_VERSION, tag: request.tag, lines: [] });
}

/** A daemon's own part; `statusRequest` for one feature gets that feature's records only. */
function daemonScript(name: string, vendor: ScriptedVendor): Script {
  return (heard, talk) => {
    if (heard.kind === 'hello') return greet(talk, name);
    if (heard.kind === 'adminRequest') return answerAdmin(vendor.admin, heard.value, talk);
    if (heard.kind !== 'statusRequest') return;
    const { tag, page, feature, flags } = heard.value;
    const pages = vendor.pages ?? [[]];
    const wanted = (pages[page] ?? [])
      .filter(onlyFeature(feature))
      .filter(({ kind }) => (flags & 1) === 0 || kind === 'feature' || kind === 'pool');
    talk.send('statusPage', {
      ownVersion: OWN_VERSION,
      tag,
      more: page + 1 < pages.length ? 1 : 0,
      records: Buffer.concat(wanted.map(encodeStatusRecord)),
    });
  };
}

function onlyFeature(wanted: string): (record: StatusRecord) => boolean {
  let inside = wanted === '';
  return (record) => {
    if (record.kind === 'feature' && wanted !== '') {
      inside = record.name.toLowerCase() === wanted.toLowerCase();
    }
    return inside;
  };
}

type Of<K extends StatusRecord['kind']> = Extract<StatusRecord, { kind: K }>;

/** Records with every field defaulted. */
export const records = {
  feature: (fields: Partial<Of<'feature'>> = {}): StatusRecord => ({
    kind: 'feature',
    name: 'solve',
    state: 0,
    issued: 3,
    used: 0,
    queued: 0,
    ...fields,
  }),
  pool: (fields: Partial<Of<'pool'>> = {}): StatusRecord => ({
    kind: 'pool',
    name: 'solve',
    version: '2030.0',
    vendor: 'acmed',
    expiry: '31-dec-2049',
    vendorString: '',
    lock: 0,
    lockedTo: '',
    capacity: 3,
    used: 0,
    ...fields,
  }),
  user: (fields: Partial<Of<'user'>> = {}): StatusRecord => ({
    kind: 'user',
    user: 'ann',
    host: 'ws1',
    display: '/dev/pts/1',
    data: '',
    version: '1.0',
    project: '',
    handle: 101,
    since: localTime([2026, 3, 9], [8, 49, 7]) / 1000,
    count: 1,
    pid: 4242,
    lingerRemaining: 0,
    lingerTotal: 0,
    flags: 0,
    ...fields,
  }),
};

export { fail, greet, ScriptedServer, sayText, start as startScript };
