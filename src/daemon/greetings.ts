import { limits } from '../base/limits.ts';
import type { Client } from '../domain/ledger/model.ts';
import { announcedVersion, ownSuffix } from '../wire/announcement.ts';
import { writeAccepted } from '../wire/hot.ts';
import type { MessageValue } from '../wire/message.ts';
import { type hello, messages } from '../wire/messages/index.ts';
import type { Peer } from './peer.ts';
import { protocolRefusals, writeFailure } from './refusals.ts';
import { flexnetVersion, legacyVersion } from './versions.ts';
import { clientCharacters } from './weights.ts';

/** Whether a hello comes from one of our own programs. Source: docs/protocol.md, "Announcement". */
export function isAnnounced({ mark }: MessageValue<typeof hello>): boolean {
  return announcedVersion(mark) >= 1;
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

/**
 * As `clientOf`, at a license manager: most who come are sent on and gone. Where they come from the system is asked
 * only when that matters: it would be a system call for each.
 */
export function passerOf(value: MessageValue<typeof hello>, peer: Peer): Client {
  return {
    ...clientOf(value, ''),
    get address() {
      return peer.remoteAddress;
    },
  };
}

/**
 * Takes an identify: from here on the connection is who it says, in full. Answers it, or refuses one whose texts
 * are longer than `limits.fieldCharactersMax`, or than `limits.identityCharactersMax` together, or that names more
 * than `limits.hostidsMax` host ids; gives the new identity, or undefined.
 */
export function adoptIdentity(
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): Client | undefined {
  const value = messages.identify.decode(bytes, start, end);
  const { tag, user, host, display, platform, project, pid, hostids, traits } = value;
  const words = traits.flatMap(({ name, value: text }) => [name, text]);
  const texts = [user, host, display, platform, project, ...hostids, ...words];
  const isTooLong = texts.some((text) => text.length > limits.fieldCharactersMax);
  const address = peer.remoteAddress;
  const identity = { user, host, display, platform, project, pid, hostids, address };
  const client = { ...identity, ...traitsOf(traits) };
  const isTooMuch = clientCharacters(client) > limits.identityCharactersMax;
  if (isTooLong || isTooMuch || hostids.length > limits.hostidsMax) {
    writeFailure(peer, tag, protocolRefusals.badFields);
    return undefined;
  }
  peer.client = client;
  peer.announced = true;
  writeAccepted(peer.out, tag);
  return peer.client;
}

/** What an identify says of a client beyond its fields. Source: docs/protocol.md, "identify". */
function traitsOf(
  traits: MessageValue<typeof messages.identify>['traits'],
): Pick<Client, 'remoteDesktop' | 'node'> {
  const known = new Map(traits.map(({ name, value }) => [name, value]));
  const node = known.get('node') ?? '';
  return {
    ...(known.get('session') === 'remote' && { remoteDesktop: true }),
    ...(node !== '' && { node }),
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
    suffix: peer.announced ? ownSuffix : 0,
    host,
    daemon,
  });
}
