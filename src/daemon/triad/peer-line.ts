import { connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import type { TriadWord } from '../../domain/triad/word.ts';
import { offeredVersion, ownMark } from '../../wire/announcement.ts';
import type { MessageValue } from '../../wire/message.ts';
import { messages, NO_MASTER, OWN_VERSION, wordFlags } from '../../wire/messages/index.ts';
import { Outbox } from '../../wire/outbox.ts';
import { MessageSplitter } from '../../wire/splitter.ts';
import type { Traffic } from '../traffic.ts';
import { flexnetVersion } from '../versions.ts';
import type { MemberAddress } from './setting.ts';

export interface PeerLineEvents {
  /** The peer has taken us for a member: it hears us from now on. */
  connected(): void;
  /** The line that stood has ended. */
  closed(): void;
  /** The host refused the connection: nobody listens there. */
  refused(): void;
  /** It ended without a word before it stood: whoever listens there is ending, perhaps. */
  brokenOff(why: string): void;
  /** Nobody answers, or not as a member does; `why` for people. */
  failed(why: string): void;
}

export interface PeerLineOptions {
  readonly address: MemberAddress;
  readonly hello: () => Omit<MessageValue<typeof messages.triadHello>, 'ownVersion' | 'tag'>;
  /** Longest wait for a line to stand. */
  readonly connectMs: number;
  readonly traffic: Traffic;
  readonly events: PeerLineEvents;
}

const HELLO_TAG = 1;
/** Bytes that may wait for a peer: it takes them at once, or it is as good as gone. */
const UNSENT_BYTES_MAX = 64 * 1024;

type State = 'idle' | 'dialing' | 'up';

/** Our line to another member of the triad, on which we speak and it listens. One attempt at a time. */
export class PeerLine {
  readonly #options: PeerLineOptions;
  readonly #out = new Outbox();
  #state: State = 'idle';
  #socket: Socket | undefined;

  constructor(options: PeerLineOptions) {
    this.#options = options;
  }

  get state(): State {
    return this.#state;
  }

  /** Its address is known, and no line stands or is on its way. */
  get mayDial(): boolean {
    return this.#state === 'idle' && this.#options.address.port !== 0;
  }

  /** Tries to reach the peer, unless that is under way or done; an event tells what comes of it. */
  dial(): void {
    const { traffic } = this.#options;
    if (!this.mayDial) return;
    this.#state = 'dialing';
    void traffic.during(new Promise<void>((done) => this.#dial(done)));
  }

  #dial(done: () => void): void {
    const { address, connectMs, events, traffic } = this.#options;
    const socket = connect({ host: address.host, port: address.port, noDelay: true });
    this.#socket = socket;
    let why = 'it ended at once';
    let isRefused = false;
    let isAnswer = false;
    const late = setTimeout(() => fail(`nothing came within ${connectMs / 1000} s`), connectMs);
    late.unref();
    const settled = (): void => {
      clearTimeout(late);
      done();
    };
    const fail = (reason: string): void => {
      why = reason;
      isAnswer = true;
      socket.destroy();
    };
    socket.on('connect', () => this.#sayHello());
    socket.on('error', (error) => {
      why = error.message || 'no connection';
      isRefused = saysRefused(error);
    });
    socket.on('close', () => {
      settled();
      traffic.stir();
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      const wasUp = this.#state === 'up';
      this.#state = 'idle';
      if (wasUp) events.closed();
      else if (isRefused) events.refused();
      else if (isAnswer) events.failed(why);
      else events.brokenOff(why);
    });
    this.#listen(socket, settled, fail);
  }

  /** Until the peer has taken us; nothing else comes on this line. */
  #listen(socket: Socket, settled: () => void, refuse: (why: string) => void): void {
    const splitter = new MessageSplitter();
    socket.on('data', (chunk: Buffer) => {
      this.#options.traffic.stir();
      splitter.push(chunk, {
        frame: (type, bytes, start, end) => {
          if (type === messages.accepted.typeCode) return this.#taken(settled);
          const no = refusalIn(type, bytes, start, end);
          if (no !== undefined) refuse(no);
        },
        legacy: () => refuse('no member of a triad answers there'),
        fault: () => refuse('what answers there is no license manager'),
      });
    });
  }

  #taken(settled: () => void): void {
    if (this.#state !== 'dialing') return;
    this.#state = 'up';
    this.#options.events.connected();
    settled();
  }

  #sayHello(): void {
    const { hello } = this.#options;
    messages.hello.write(this.#out, {
      lead: undefined,
      user: 'lmgrd',
      host: hostname(),
      vendor: '',
      display: '',
      mark: ownMark,
      pid: `${process.pid}`,
      platform: 'x64_lsb',
      versionMajor: flexnetVersion.major,
      versionMinor: flexnetVersion.minor,
      trail: undefined,
    });
    messages.triadHello.write(this.#out, { ownVersion: OWN_VERSION, tag: HELLO_TAG, ...hello() });
    this.#flush();
  }

  send(word: TriadWord): void {
    if (this.#state !== 'up') return;
    const { boot, toBoot, number, answers, master = NO_MASTER } = word;
    messages.triadWord.write(this.#out, {
      ...{ ownVersion: OWN_VERSION, tag: 0, boot, toBoot, number, answers, master },
      flags:
        (word.hears ? wordFlags.hears : 0) |
        (word.stands ? wordFlags.stands : 0) |
        (word.asks ? wordFlags.asks : 0),
    });
    this.#flush();
  }

  #flush(): void {
    const bytes = this.#out.take();
    this.#options.traffic.stir();
    this.#socket?.write(bytes);
    if ((this.#socket?.writableLength ?? 0) > UNSENT_BYTES_MAX) this.#socket?.destroy();
  }

  /** Ends it; what was said last is still sent. Nobody is told. */
  close(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#state = 'idle';
    socket?.destroySoon();
  }

  /** Ends it as a crashed process would. */
  crash(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#state = 'idle';
    socket?.resetAndDestroy();
  }
}

/** Why a peer does not take us; undefined for what says nothing about that. */
function refusalIn(type: number, bytes: Buffer, start: number, end: number): string | undefined {
  if (type === messages.failure.typeCode) return messages.failure.decode(bytes, start, end).text;
  if (type !== messages.greeting.typeCode) return undefined;
  const { suffix } = messages.greeting.decode(bytes, start, end);
  if (offeredVersion(suffix) === OWN_VERSION) return undefined;
  return 'expected a license manager of fauxlm, got another maker’s';
}

/** Every address of the host refuses. */
function saysRefused(error: Error): boolean {
  const all = error instanceof AggregateError ? error.errors : [error];
  return all.every((each) => (each as NodeJS.ErrnoException).code === 'ECONNREFUSED');
}
