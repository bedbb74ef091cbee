import { createServer, type Server, type Socket } from 'node:net';
import type { MessageValue } from '../../src/wire/message.ts';
import { type MessageKind, messages, OWN_VERSION } from '../../src/wire/messages/index.ts';
import { Outbox } from '../../src/wire/outbox.ts';
import { MessageSplitter } from '../../src/wire/splitter.ts';

type Messages = typeof messages;
export type Heard = {
  [K in MessageKind]: { readonly kind: K; readonly value: MessageValue<Messages[K]> };
}[MessageKind];

/** One client's connection, as a script sees it. */
export interface Talk {
  send<K extends MessageKind>(kind: K, value: MessageValue<Messages[K]>): void;
  raw(bytes: Uint8Array): void;
  close(): void;
  reset(): void;
}

/** What a server does with each message. */
export type Script = (heard: Heard, talk: Talk) => void;

/** What a client may send, by type code. */
const requestKinds: readonly MessageKind[] = [
  'hello',
  'command',
  'identify',
  'checkout',
  'checkin',
  'heartbeat',
  'serverRequest',
  'statusRequest',
  'explain',
  'adminRequest',
  'featuresRequest',
  'featureStatusRequest',
  'legacyFeaturesRequest',
  'legacyStatusRequest',
];
const kindOfCode = new Map(requestKinds.map((kind) => [messages[kind].typeCode, kind] as const));

/** A server that does what a script says, and remembers what it heard. */
export class ScriptedServer {
  readonly heard: Heard[] = [];
  readonly talks: Talk[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #waiting: { kind: MessageKind; tell: () => void }[] = [];

  private constructor(script: Script) {
    this.#server = createServer((socket) => this.#accept(socket, script));
  }

  static start(script: Script): Promise<ScriptedServer> {
    const server = new ScriptedServer(script);
    return new Promise((resolve) => {
      server.#server.listen(0, '127.0.0.1', () => resolve(server));
    });
  }

  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** `port@127.0.0.1` */
  get address(): string {
    return `${this.port}@127.0.0.1`;
  }

  get kinds(): readonly MessageKind[] {
    return this.heard.map(({ kind }) => kind);
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Resolves when the next message of this kind has been heard. */
  hears(kind: MessageKind): Promise<void> {
    return new Promise((tell) => this.#waiting.push({ kind, tell }));
  }

  /** The values of all messages of one kind, in order. */
  all<K extends MessageKind>(kind: K): readonly MessageValue<Messages[K]>[] {
    return this.heard.flatMap((each) => (each.kind === kind ? [each.value] : [])) as never;
  }

  stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #accept(socket: Socket, script: Script): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    const talk = talkOf(socket);
    this.talks.push(talk);
    const splitter = new MessageSplitter();
    const hear = (code: number, bytes: Buffer, start: number, end: number): void => {
      const kind = kindOfCode.get(code);
      if (kind === undefined) throw new Error(`a client of ours sent type ${code}`);
      const value = messages[kind].decode(Buffer.from(bytes.subarray(start, end)), 0, end - start);
      const heard = { kind, value } as Heard;
      this.heard.push(heard);
      const index = this.#waiting.findIndex((each) => each.kind === kind);
      if (index >= 0) this.#waiting.splice(index, 1)[0]?.tell();
      script(heard, talk);
    };
    socket.on('data', (chunk: Buffer) => {
      splitter.push(chunk, {
        frame: hear,
        legacy: (code, bytes, start) => hear(code, bytes, start, start + 147),
        fault: (fault) => {
          throw new Error(`a client of ours sent bytes that are no message: ${fault}`);
        },
      });
    });
  }
}

function talkOf(socket: Socket): Talk {
  return {
    send(kind, value) {
      const out = new Outbox();
      (messages[kind].write as (out: Outbox, value: unknown) => void)(out, value);
      socket.write(out.take());
    },
    raw: (bytes) => socket.write(bytes),
    close: () => socket.end(),
    reset: () => socket.resetAndDestroy(),
  };
}

/** The greeting of a server of ours; `suffix` 0 is that of any other. */
export function greet(talk: Talk, daemon: string, suffix = 0xfa01): void {
  const version = { versionMajor: 11, versionMinor: 18 };
  talk.send('greeting', { ...version, suffix, host: 'scripted', daemon });
}

export function sayText(talk: Talk, text: string): void {
  const bytes = Buffer.from(`${text}\0`, 'latin1');
  talk.send('textAnswer', { unknown: 0, textBytes: bytes.length, text: bytes });
}

export function fail(talk: Talk, tag: number, major: number, text = ''): void {
  const refusal = { major, minor: 300, sys: 0, sysText: '', text };
  talk.send('failure', { ownVersion: OWN_VERSION, tag, ...refusal });
}

/** Features of a daemon: a code refuses, a version grants. */
export type Features = Readonly<Record<string, number | string>>;

/** A vendor daemon that knows these features; others it refuses with -5. */
export function daemonScript(vendor: string, features: Features): Script {
  let handle = 100;
  return (heard, talk) => {
    switch (heard.kind) {
      case 'hello':
        return greet(talk, vendor);
      case 'identify':
      case 'checkin':
        return talk.send('accepted', { ownVersion: OWN_VERSION, tag: heard.value.tag });
      case 'heartbeat':
        return talk.send('heartbeatAnswer', {
          ownVersion: OWN_VERSION,
          tag: heard.value.tag,
          serverTime: 1,
        });
      case 'checkout': {
        const { tag, feature } = heard.value;
        const answer = features[feature] ?? -5;
        if (typeof answer === 'number') return fail(talk, tag, answer);
        handle++;
        return talk.send('granted', { ownVersion: OWN_VERSION, tag, handle, poolVersion: answer });
      }
      default:
        return undefined;
    }
  };
}

/** A license manager whose daemons are at these ports, in this order. */
export function managerScript(
  ports: Readonly<Record<string, number>>,
  host = '127.0.0.1',
  license = '',
): Script {
  return (heard, talk) => {
    if (heard.kind === 'command') {
      return sayText(
        talk,
        heard.value.command === 'dlist' ? Object.keys(ports).join(' ') : license,
      );
    }
    if (heard.kind !== 'hello') return undefined;
    const { vendor } = heard.value;
    if (vendor === '') return greet(talk, 'lmgrd');
    const port = ports[vendor];
    if (port === undefined) return fail(talk, 0, -97);
    return talk.send('redirect', { host, port, trail: undefined });
  };
}

/**
 * Manager and daemons on one port: a hello with a vendor turns the connection into that daemon's.
 */
export function singlePortScript(vendors: Readonly<Record<string, Features>>): Script {
  const daemons = new Map(
    Object.entries(vendors).map(([name, features]) => [name, daemonScript(name, features)]),
  );
  const chosen = new WeakMap<Talk, Script>();
  return (heard, talk) => {
    if (heard.kind === 'hello' && heard.value.vendor === '') return greet(talk, 'lmgrd');
    if (heard.kind === 'command') return sayText(talk, [...daemons.keys()].join(' '));
    if (heard.kind === 'hello') {
      const daemon = daemons.get(heard.value.vendor);
      if (!daemon) return fail(talk, 0, -97);
      chosen.set(talk, daemon);
    }
    return chosen.get(talk)?.(heard, talk);
  };
}

/** A manager and its daemons, each on a port of its own. */
export interface ScriptedLicenseServer {
  readonly manager: ScriptedServer;
  readonly daemons: Readonly<Record<string, ScriptedServer>>;
  readonly address: string;
  stop(): Promise<void>;
}

export async function startScripted(
  vendors: Readonly<Record<string, Features | Script>>,
  license = '',
): Promise<ScriptedLicenseServer> {
  const daemons: Record<string, ScriptedServer> = {};
  for (const [name, given] of Object.entries(vendors)) {
    const script = typeof given === 'function' ? (given as Script) : daemonScript(name, given);
    daemons[name] = await ScriptedServer.start(script);
  }
  const ports = Object.fromEntries(Object.entries(daemons).map(([name, { port }]) => [name, port]));
  const manager = await ScriptedServer.start(managerScript(ports, '127.0.0.1', license));
  const all = [manager, ...Object.values(daemons)];
  return {
    manager,
    daemons,
    address: manager.address,
    stop: async () => {
      await Promise.all(all.map((each) => each.stop()));
    },
  };
}
