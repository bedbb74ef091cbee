import { networkInterfaces } from 'node:os';
import type { EpochMs } from '../base/clock.ts';
import { sameName } from '../base/names.ts';
import type { Refusal } from '../base/refusal.ts';
import { endOfDay, startOfDay } from '../domain/license/days.ts';
import { hostidMatches } from '../domain/license/hostids.ts';
import type { FeatureLine, LicenseFile, ServerLine } from '../domain/license/model.ts';
import { parseLicenseFile } from '../domain/license/parse.ts';
import { compareVersions } from '../domain/license/versions.ts';
import { vendorPolicy } from '../domain/vendors/index.ts';
import { licenseFilesOf, readSource } from '../files/license-sources.ts';
import { addressOfServerLine, type Candidate, type SearchedLicense } from './candidates.ts';
import type { ClientContext } from './context.ts';
import type { ClientIdentity } from './identity.ts';
import { DEFAULT_PORTS } from './license-path.ts';
import { refused } from './refused.ts';

/** Hosts of a triad. */
const SERVERS_MAX = 3;

/**
 * Reads the license files that a path names: the file itself, or every `*.lic` of a directory.
 * @throws KnownError FILE_UNREADABLE, FILE_TOO_LARGE
 */
export function readLicenseFiles(path: string): readonly ClientLicenseFile[] {
  const files = licenseFilesOf([path]);
  return files.map((file) => new ClientLicenseFile(parseLicenseFile(readSource(file))));
}

/**
 * A license file as a client uses it: its SERVER lines say whom to ask; its own feature lines count
 * only before USE_SERVER, and grant by themselves only when they have no count and fit this
 * machine.
 * Source: LAG, "USE_SERVER Lines"; End User Guide v10, App. B.
 */
class ClientLicenseFile {
  readonly #file: LicenseFile;

  constructor(file: LicenseFile) {
    this.#file = file;
  }

  /** What the file offers: its own lines first, then its server. */
  candidates(wanted: SearchedLicense, context: ClientContext): readonly Candidate[] {
    const file = this.#file.source.name;
    const lines = this.#visibleLines(wanted);
    const servers = this.#file.lines.filter((line): line is ServerLine => line.kind === 'server');
    const own = ownLines(file, lines, wanted, context);
    if (servers.length > 0) {
      const addresses = servers.slice(0, SERVERS_MAX).map((line) => {
        return addressOfServerLine(line, DEFAULT_PORTS);
      });
      return [...own, { kind: 'server', addresses, file }];
    }
    if (own.length > 0) return own;
    const refusal = lines.length > 0 ? countedWithoutServer : notInFile;
    return [{ kind: 'refused', file, refused: refused('client', refusal) }];
  }

  /** The lines of the feature that the client itself looks at. */
  #visibleLines(wanted: SearchedLicense): readonly FeatureLine[] {
    const { lines } = this.#file;
    const end = lines.findIndex((line) => line.kind === 'useServer');
    const visible = end < 0 ? lines : lines.slice(0, end);
    return visible.filter((line): line is FeatureLine => {
      return line.kind === 'feature' && line.usable && isWanted(line, wanted);
    });
  }
}

/** A feature with a count, and nobody named who counts. */
const countedWithoutServer: Refusal = { major: -3, minor: 1 };
/** Minor 357 was seen from clients. */
const notInFile: Refusal = { major: -5, minor: 357 };

function isWanted(line: FeatureLine, { feature, vendor }: SearchedLicense): boolean {
  const ofVendor = vendor === undefined || sameName(line.vendor, vendor);
  const matchesCase = vendorPolicy(line.vendor).caseSensitive;
  const isNamed = matchesCase ? line.name === feature : sameName(line.name, feature);
  return ofVendor && isNamed;
}

/**
 * The first line that grants; if none does, the first one's refusal; nothing when all are counted.
 */
function ownLines(
  file: string,
  lines: readonly FeatureLine[],
  wanted: SearchedLicense,
  context: ClientContext,
): readonly Candidate[] {
  const trial = { wanted, identity: context.identity, now: context.clock.now() };
  const tried = lines
    .filter(({ count }) => count === 0)
    .map((line) => ({ line, refusal: refusalOfLine(line, trial) }));
  const granting = tried.find(({ refusal }) => refusal === undefined);
  if (granting) return [{ kind: 'local', file, line: granting.line }];
  const [first] = tried;
  if (!first?.refusal) return [];
  return [{ kind: 'refused', file, refused: refused('client', first.refusal) }];
}

interface Trial {
  readonly wanted: SearchedLicense;
  readonly identity: ClientIdentity;
  readonly now: EpochMs;
}

/**
 * Why a line without a count does not grant, the first that holds. Minors 57 and 32: see the
 * daemon's.
 */
const lineRefusals: readonly {
  readonly refusal: Refusal;
  readonly when: (line: FeatureLine, trial: Trial) => boolean;
}[] = [
  {
    refusal: { major: -31, minor: 1 },
    when: ({ attributes: { start } }, { now }) => start !== undefined && now < startOfDay(start),
  },
  {
    refusal: { major: -10, minor: 32 },
    when: ({ expiry }, { now }) => expiry.kind === 'date' && now >= endOfDay(expiry.date),
  },
  {
    // A line without a count and without HOSTID= is for nobody (LAG, "FEATURE and INCREMENT
    // Lines").
    refusal: { major: -9, minor: 57 },
    when: ({ attributes: { hostids = [] } }, { identity }) => {
      return !hostids.some((hostid) => isThisHost(hostid, identity));
    },
  },
  {
    refusal: { major: -103, minor: 1 },
    when: ({ attributes: { terminalServer } }, { identity }) => {
      return identity.remoteDesktop === true && terminalServer === undefined;
    },
  },
  {
    refusal: { major: -89, minor: 1 },
    when: ({ attributes: { platforms } }, { identity }) => {
      const own = identity.platform.toLowerCase();
      return platforms !== undefined && !platforms.some((each) => each.toLowerCase() === own);
    },
  },
  {
    refusal: { major: -21, minor: 1 },
    when: ({ version }, { wanted }) => compareVersions(version, wanted.version) < 0,
  },
];

function refusalOfLine(line: FeatureLine, trial: Trial): Refusal | undefined {
  return lineRefusals.find(({ when }) => when(line, trial))?.refusal;
}

/** With no connection to come from, a client has all of its machine's addresses. */
function isThisHost(hostid: string, identity: ClientIdentity): boolean {
  const interfaces = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const addresses = ['127.0.0.1', ...interfaces.map(({ address }) => address)];
  return addresses.some((address) => hostidMatches(hostid, { ...identity, address }));
}
