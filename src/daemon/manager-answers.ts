import { KnownError } from '../base/errors.ts';
import { ownVersionOf, readHello, tagOf } from '../wire/hot.ts';
import { messages, OWN_TYPE_MAX, OWN_TYPE_MIN, OWN_VERSION } from '../wire/messages/index.ts';
import { nextPhase } from '../wire/phases.ts';
import { answersByType, phaseOf } from './answers.ts';
import type { Lead } from './faults/row.ts';
import { DEAD_PORT } from './faults/rows/redirect-faults.ts';
import { adoptIdentity, greet, isAnnounced, passerOf } from './greetings.ts';
import type { LicenseManager } from './license-manager.ts';
import { type ManagerTexts, managerTexts } from './license-text.ts';
import { answerManagerAdmin } from './manager-admin.ts';
import type { Peer } from './peer.ts';
import { writeText } from './public-text.ts';
import { protocolRefusals, refuse, writeFailure } from './refusals.ts';
import { writeServerAnswer } from './server-answer.ts';
import { answerTriadHello, answerTriadWord } from './triad/triad-answers.ts';
import type { VendorRunner } from './vendor-runner.ts';

type Answer = (
  manager: LicenseManager,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
) => void;

/** Every frame that a license manager understands; when it may come is in the phase table. */
const answers = answersByType<Answer>({
  command,
  identify,
  serverRequest: server,
  triadHello: answerTriadHello,
  triadWord: answerTriadWord,
  adminRequest: answerManagerAdmin,
});

/** Answers a frame on the manager's port; whatever is wrong with it gets the defined refusal. */
export function answerManagerFrame(
  manager: LicenseManager,
  peer: Peer,
  type: number,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const own = type >= OWN_TYPE_MIN && type <= OWN_TYPE_MAX;
  const tag = own ? tagOf(bytes, start, end) : 0;
  if (own && ownVersionOf(bytes, start, end) !== OWN_VERSION) {
    return writeFailure(peer, tag, protocolRefusals.newerVersion);
  }
  const row = answers.get(type);
  if (row === undefined) return refuse(peer, type, tag, protocolRefusals.unknownMessage);
  if (nextPhase('manager', phaseOf(peer), row.kind) === undefined) {
    return refuse(peer, type, tag, protocolRefusals.noHello);
  }
  try {
    row.answer(manager, peer, bytes, start, end);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    refuse(peer, type, tag, protocolRefusals.badFields);
  }
}

/** Answers a 147-byte message on the manager's port: only a hello has a meaning here. */
export function answerManagerLegacy(
  manager: LicenseManager,
  peer: Peer,
  kind: number,
  bytes: Buffer,
  start: number,
): void {
  if (kind !== messages.hello.typeCode) {
    return messages.legacyError.write(peer.out, { code: '-140' });
  }
  const value = readHello(bytes, start);
  const first = peer.client === undefined;
  peer.client = passerOf(value, peer);
  peer.announced = isAnnounced(value);
  if (value.vendor === '') return greetAsManager(manager, peer);
  const runner = runnerAsked(manager, value.vendor);
  if (!runner?.up) return refuse(peer, 0, 0, protocolRefusals.vendorDown);
  const lead = leadOf(manager, peer, runner);
  if (lead?.kind === 'down') return refuse(peer, 0, 0, protocolRefusals.vendorDown);
  const { singlePort } = manager.options;
  if (lead === undefined && singlePort && staysHere(manager, peer, runner, first)) {
    peer.client = undefined;
    return runner.daemon!.takeOver(peer, kind, bytes, start);
  }
  redirect(manager, peer, runner, lead);
}

/** Where faults lead a client that asks for a daemon; undefined while they lead it nowhere else. */
function leadOf(manager: LicenseManager, peer: Peer, { name, daemon }: VendorRunner) {
  const { redirects } = manager.faults;
  const { user, host } = peer.client!;
  const call = { server: 'manager', vendor: name, on: 'hello', user, host } as const;
  const lead = redirects === undefined ? undefined : manager.faults.lead(call);
  if (lead !== undefined || daemon?.faults.port === undefined) return lead;
  // A daemon that shares the manager's port has none to shut.
  if (!manager.options.singlePort) return undefined;
  const port = daemon.faults.port === 'blocked' ? daemon.host.port : DEAD_PORT;
  return { kind: 'elsewhere', port } as const;
}

/** Bytes of a vendor's name that a hello has room for. */
const VENDOR_BYTES = 10;

/**
 * The daemon a hello means. A name that fills its field may be the beginning of a longer one: it then means the
 * one daemon whose name begins so, if there is only one.
 */
function runnerAsked(manager: LicenseManager, vendor: string): VendorRunner | undefined {
  const named = manager.runner(vendor);
  if (named !== undefined || Buffer.byteLength(vendor) < VENDOR_BYTES) return named;
  const begin = vendor.toLowerCase();
  const longer = manager.runners.filter(({ name }) => name.toLowerCase().startsWith(begin));
  return longer.length === 1 ? longer[0] : undefined;
}

function greetAsManager(manager: LicenseManager, peer: Peer): void {
  greet(peer, {
    host: advertisedHost(manager, peer),
    daemon: manager.runners[0]?.name ?? '',
    legacy: false,
  });
}

/** The address that answers from where the client came, unless told otherwise. */
function advertisedHost(manager: LicenseManager, peer: Peer): string {
  return manager.options.advertise?.host ?? peer.localAddress;
}

/** Our own programs are served where they are; another one when it comes back from its redirect. */
function staysHere(
  manager: LicenseManager,
  peer: Peer,
  runner: VendorRunner,
  first: boolean,
): boolean {
  if (runner.daemon === undefined) return false;
  if (peer.announced) return true;
  return first && manager.newcomers.arrive(identityOf(peer, runner), performance.now());
}

function identityOf({ client, remoteAddress }: Peer, { name }: VendorRunner): string {
  const { user, host, pid } = client!;
  return [remoteAddress, user, host, pid, name].join('\0');
}

function redirect(
  manager: LicenseManager,
  peer: Peer,
  runner: VendorRunner,
  lead: Extract<Lead, { kind: 'elsewhere' }> | undefined,
): void {
  const { advertise, singlePort, legacy } = manager.options;
  const host = lead?.host ?? advertisedHost(manager, peer);
  const port = lead?.port ?? advertise?.port ?? (singlePort ? manager.port : runner.port);
  if (singlePort) manager.newcomers.expect(identityOf(peer, runner), performance.now());
  if (legacy) return messages.legacyRedirect.write(peer.out, { host, port: String(port) });
  messages.redirect.write(peer.out, { host, port, trail: undefined });
}

function identify(
  _manager: LicenseManager,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  adoptIdentity(peer, bytes, start, end);
}

/** The public commands: license paths, license text, vendor names. An unknown one gets empty text. */
function command(
  manager: LicenseManager,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const asked = messages.command.decode(bytes, start, end).command;
  const time = Math.floor(manager.options.clock.now() / 1000);
  writeText(peer, commandText(manager, peer, asked), time);
}

const noText = Buffer.alloc(1);

function commandText(manager: LicenseManager, peer: Peer, asked: string): Buffer {
  const texts = textsOf(manager);
  switch (asked) {
    case 'getpaths':
      return texts.pathText;
    case '':
      return texts.licenseText(advertisedHost(manager, peer));
    case 'dlist':
      return texts.vendorText(manager.runners.map(({ name }) => name));
    default:
      return noText;
  }
}

function textsOf({ catalog, options }: LicenseManager): ManagerTexts {
  return managerTexts(catalog, (what) => options.log.cutShort(what));
}

function server(
  manager: LicenseManager,
  peer: Peer,
  bytes: Buffer,
  start: number,
  end: number,
): void {
  const { tag } = messages.serverRequest.decode(bytes, start, end);
  writeServerAnswer(manager, peer, tag, textsOf(manager).paths);
}
