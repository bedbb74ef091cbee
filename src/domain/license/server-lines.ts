import { isDigits } from '../language/characters.ts';
import type { Remark } from '../language/findings.ts';
import type { UnknownLine } from '../language/line.ts';
import { extentOf, type Mutable } from '../language/line-parts.ts';
import type { LogicalLine } from '../language/logical-line.ts';
import { parseWhole } from './attribute-forms.ts';
import { incompleteLine } from './incomplete-line.ts';
import type { ServerLine, UseServerLine, VendorLine } from './model.ts';
import type { Reading } from './reading.ts';

const PORT_MAX = 65_535;
/** 1 physical, 2 virtual, 4 container, or their sum. */
const PLAT_MAX = 7;
/** A number of up to so many digits is meant as a port; host ids are longer. */
const PORT_DIGITS_MAX = 7;

/**
 * SERVER host hostid [port] [PRIMARY_IS_MASTER] [HEARTBEAT_INTERVAL=s] [PLAT=n]; some sites give
 * two host ids.
 * Source: License Administration Guide, "SERVER Lines"; 2026 R1, "SERVER Lines Enforcement" for
 * PLAT.
 */
export function parseServer({ line, findings }: Reading): ServerLine | UnknownLine {
  if (line.wordCount < 3) return incompleteLine(line, findings, 'a host and a hostid', -2);
  const hostids = [line.word(2)];
  const server: Mutable<ServerLine> = {
    kind: 'server',
    ...extentOf(line),
    host: line.word(1),
    hostids,
    primaryIsMaster: false,
    at: line.at,
  };
  for (let index = 3; index < line.wordCount; index++) {
    const word = line.word(index);
    const remark =
      server.port === undefined && hostidForm.test(word)
        ? void hostids.push(word)
        : addServerWord(server, line, index, word);
    if (remark) findings.add(line, index, remark);
  }
  return server;
}

type AddServerWord = (server: Mutable<ServerLine>, value: string | undefined) => Remark | undefined;

/** What a SERVER line can say behind its host ids, by name. */
const serverWords = new Map<string, AddServerWord>([
  [
    'PRIMARY_IS_MASTER',
    (server, value) => {
      if (server.primaryIsMaster) return duplicate('PRIMARY_IS_MASTER');
      if (value !== undefined) return badValue('PRIMARY_IS_MASTER', 'no value', value);
      server.primaryIsMaster = true;
      return undefined;
    },
  ],
  [
    'HEARTBEAT_INTERVAL',
    (server, value) => {
      if (server.heartbeatIntervalSeconds !== undefined) return duplicate('HEARTBEAT_INTERVAL');
      const seconds = parseWhole(value ?? '');
      if (seconds === undefined) return badValue('HEARTBEAT_INTERVAL', 'seconds', value);
      server.heartbeatIntervalSeconds = seconds;
      return undefined;
    },
  ],
  [
    'PLAT',
    (server, value) => {
      if (server.platformMask !== undefined) return duplicate('PLAT');
      const mask = parseWhole(value ?? '');
      if (mask === undefined || mask < 1 || mask > PLAT_MAX)
        return badValue('PLAT', 'a number from 1 to 7', value);
      server.platformMask = mask;
      return undefined;
    },
  ],
]);

function addServerWord(
  server: Mutable<ServerLine>,
  line: LogicalLine,
  index: number,
  word: string,
): Remark | undefined {
  const name = line.name(index);
  const add = serverWords.get(name) ?? serverWords.get(name.toUpperCase());
  const value = line.value(index);
  if (add) return add(server, value);
  if (value !== undefined) return unknownKeyword(name);
  if (!isDigits(word) || server.port !== undefined) return strayWord(word);
  const port = portOf(word);
  if (port === undefined) return badPort(word);
  server.port = port;
  return undefined;
}

/** Further host ids: hex or masked digits, a decimal one, a special one. */
const hostidKinds = 'COMPOSITE|DISK_SERIAL_NUM|VSN|FLEXID|ID|ID_STRING|INTERNET6?|HOSTNAME|VM_UUID';
const hostidForm = new RegExp(`^(?:ANY$|DEMO$|#\\d+$|[\\dA-Z]{8,}$|(?:${hostidKinds})=)`, 'i');

/**
 * VENDOR vendor [path] [[OPTIONS=]path] [[PORT=]port]; DAEMON is the older spelling.
 * Source: License Administration Guide, "VENDOR Lines".
 */
export function parseVendor(
  { line, findings }: Reading,
  keyword: VendorLine['keyword'],
): VendorLine | UnknownLine {
  if (line.wordCount < 2) return incompleteLine(line, findings, 'the name of a vendor daemon', -2);
  const vendor: Mutable<VendorLine> = {
    kind: 'vendor',
    ...extentOf(line),
    keyword,
    vendor: line.word(1),
    at: line.at,
  };
  let keywordSeen = false;
  for (let index = 2; index < line.wordCount; index++) {
    const name = line.name(index);
    const value = line.value(index);
    const named = value !== undefined && /^[A-Z_]+$/i.test(name);
    const remark = named
      ? addVendorKeyword(vendor, name, value)
      : addVendorWord(vendor, line.word(index), keywordSeen);
    if (remark) findings.add(line, index, remark);
    keywordSeen ||= named;
  }
  return vendor;
}

function addVendorKeyword(
  vendor: Mutable<VendorLine>,
  name: string,
  value: string,
): Remark | undefined {
  const keyword = name.toUpperCase();
  if (keyword === 'OPTIONS') {
    if (vendor.optionsPath !== undefined) return duplicate(keyword);
    // `options=` with nothing behind it is as good as none.
    if (value !== '') vendor.optionsPath = value;
    return undefined;
  }
  if (keyword !== 'PORT') return unknownKeyword(name);
  if (vendor.port !== undefined) return duplicate(keyword);
  const port = portOf(value);
  if (port === undefined) return badPort(value);
  vendor.port = port;
  return undefined;
}

/** Positional words: daemon path, options path, port; the paths can be left out before a port. */
function addVendorWord(
  vendor: Mutable<VendorLine>,
  word: string,
  keywordSeen: boolean,
): Remark | undefined {
  // "If the path is left out, the rest must have keywords": the other way round a word has no
  // place.
  if (keywordSeen || vendor.port !== undefined) return strayWord(word);
  if (isDigits(word) && word.length <= PORT_DIGITS_MAX) {
    const port = portOf(word);
    if (port === undefined) return badPort(word);
    vendor.port = port;
  } else if (vendor.daemonPath === undefined) vendor.daemonPath = word;
  else if (vendor.optionsPath !== undefined) return strayWord(word);
  else if (word !== '') vendor.optionsPath = word;
  return undefined;
}

/**
 * USE_SERVER takes no arguments; what sites write behind it (`port=2080`) is ignored.
 * Source: License Administration Guide, "USE_SERVER Lines".
 */
export function parseUseServer({ line, findings }: Reading): UseServerLine {
  for (let index = 1; index < line.wordCount; index++) {
    findings.add(line, index, strayWord(line.word(index)));
  }
  return { kind: 'useServer', ...extentOf(line), at: line.at };
}

function portOf(text: string): number | undefined {
  const port = parseWhole(text);
  return port !== undefined && port <= PORT_MAX ? port : undefined;
}

function duplicate(name: string): Remark {
  return {
    rule: 'duplicate-attribute',
    severity: 'warning',
    message: `${name}: expected once, got it again; the first counts`,
  };
}

function badValue(name: string, expected: string, value = 'nothing'): Remark {
  return {
    rule: 'bad-attribute-value',
    severity: 'error',
    message: `${name}: expected ${expected}, got "${value}"`,
    flexnetCode: -2,
  };
}

function badPort(word: string): Remark {
  return {
    rule: 'bad-port',
    severity: 'error',
    message: `port: expected a number from 0 to ${PORT_MAX}, got "${word}"`,
    flexnetCode: -2,
  };
}

function unknownKeyword(name: string): Remark {
  return {
    rule: 'unknown-keyword',
    severity: 'warning',
    message: `expected a keyword of this line, got ${name}=`,
  };
}

function strayWord(word: string): Remark {
  return {
    rule: 'stray-word',
    severity: 'warning',
    message: `expected the end of the line, got "${word}"`,
  };
}
