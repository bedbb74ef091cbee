import type { Client } from '../domain/ledger/model.ts';
import { type hello, messages, OWN_VERSION } from '../wire/messages/index.ts';
import type { MessageValue } from '../wire/message.ts';
import type { Peer } from './peer.ts';
import { flexnetVersion, legacyVersion } from './versions.ts';

/** `T` NUL `fauxlm`, then the version of our messages: how our own programs announce themselves. */
const MARK = Buffer.from('T\0fauxlm', 'latin1');
/** First byte of the suffix that answers the mark. */
const SUFFIX = 0xfa00;

/** Whether a hello comes from one of our own programs. Source: docs/protocol.md, "hello". */
export function isAnnounced({ mark }: MessageValue<typeof hello>): boolean {
  return MARK.equals(mark.subarray(0, MARK.length)) && mark[MARK.length]! >= 1;
}

/** The identity in a hello. An identify that follows says it in full. */
export function clientOf(value: MessageValue<typeof hello>, address: string): Client {
  const pid = Number.parseInt(value.pid, 10);
  return {
    user: value.user,
    host: value.host,
    display: value.display,
    platform: value.platform,
    pid: Number.isSafeInteger(pid) && pid > 0 ? pid : 0,
    project: '',
    address,
    hostids: [],
  };
}

/** Answers a hello: this is `daemon` on `host`. Only our own programs are shown the suffix. */
export function greet(
  peer: Peer,
  { host, daemon, legacy }: { host: string; daemon: string; legacy: boolean },
): void {
  const { major, minor } = legacy ? legacyVersion : flexnetVersion;
  messages.greeting.write(peer.out, {
    versionMajor: major,
    versionMinor: minor,
    suffix: peer.announced ? SUFFIX | OWN_VERSION : 0,
    host,
    daemon,
  });
}
