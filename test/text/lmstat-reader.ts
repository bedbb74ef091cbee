import type {
  HostStatus,
  LmstatReport,
  PoolEntry,
  PoolLock,
  PoolUsage,
  ServerSection,
} from '../../src/text/lmstat-report.ts';
import { localTime } from './golden.ts';

/**
 * A reader of real lmstat outputs, as plain as can be and for tests only: it takes the values out
 * of a text, so that rendering them again shows whether the renderer's blanks and lines are the
 * real ones. A line it does not know makes it throw.
 */
export function readLmstat(text: string): LmstatReport {
  const reader = new Reader(text.split('\n'));
  reader.next(/^(lmutil|lmstat) - /);
  const [, month, day, year, hours, minutes] = reader
    .next(/^Flexible License Manager status on \w+ (\d+)\/(\d+)\/(\d+) (\d+):(\d+)$/)
    .map(Number) as [number, number, number, number, number, number];
  reader.year = year;
  reader.skip(/^(|\[Detecting lmgrd processes\.\.\.\])$/);
  const sections = [readServer(reader)];
  while (reader.peek(/^-{76}$/)) {
    reader.next(/^-{76}$/);
    sections.push(readServer(reader));
  }
  reader.end();
  return { at: localTime([year, month, day], [hours, minutes]), program: 'lmutil', sections };
}

class Reader {
  readonly #lines: readonly string[];
  #index = 0;
  year = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  peek(pattern: RegExp): RegExpExecArray | null {
    return pattern.exec(this.#lines[this.#index] ?? '');
  }

  next(pattern: RegExp): string[] {
    const found = this.peek(pattern);
    if (!found) throw new Error(`line ${this.#index + 1}: ${this.#lines[this.#index]} ${pattern}`);
    this.#index += 1;
    return [...found];
  }

  /** As many lines as match, with what they hold. */
  *all(pattern: RegExp): Generator<string[]> {
    while (this.#index < this.#lines.length && this.peek(pattern)) yield this.next(pattern);
  }

  skip(pattern: RegExp): void {
    for (const _line of this.all(pattern));
  }

  end(): void {
    if (this.#index < this.#lines.length) this.next(/^this line is not expected$/);
  }
}

function readServer(reader: Reader): ServerSection {
  const [, spec = ''] = reader.next(/^License server status: (.*)$/);
  const [, host = '', list = ''] = reader.next(/^ {4}License file\(s\) on (\S+): (.*):$/);
  reader.skip(/^$/);
  const hostLine = /^ *(\S+): license server UP (\(MASTER\) )?v(.*)$/;
  const hosts = Array.from(reader.all(hostLine), ([, name = '', master, version = '']) => {
    return { name, state: 'up', master: master !== undefined, version } satisfies HostStatus;
  });
  reader.skip(/^$/);
  const [, masterHost = ''] = reader.next(/^Vendor daemon status \(on (\S+)\):$/);
  reader.skip(/^$/);
  const vendors: ServerSection['vendors'][number][] = [];
  for (const [, name = '', version = ''] of reader.all(/^ *(\S+): UP v(.*)$/)) {
    reader.skip(/^(Feature usage info:|)$/);
    const server = { host: '', port: 0 };
    const features = [...readFeatures(reader, server)];
    vendors.push({ name, state: { kind: 'up', version }, server, features });
  }
  // A drive's colon is no separator.
  const paths = list.split(/:(?!\\)/);
  const address = { spec, licenseFiles: { host, paths } };
  return { kind: 'server', address, hosts, masterHost, vendors };
}

function joined(...parts: string[]): RegExp {
  return new RegExp(parts.join(''));
}

type Place = { host: string; port: number };

function* readFeatures(reader: Reader, server: Place) {
  const header = joined(
    '^Users of ([^:]+): {1,2}',
    String.raw`(?:\((?:Total of (\d+) licenses? issued; {2}Total of (\d+) licenses? in use`,
    String.raw`|(Uncounted, node-locked)|Error: (\d+) licenses, unsupported by licensed server)\)`,
    String.raw`|(Cannot get) users of .*: No such feature exists. \(-5,222\))$`,
  );
  for (const [, name = '', issued, used, uncounted, error, cannot] of reader.all(header)) {
    reader.skip(/^$/);
    const pools = [...readPools(reader, server)];
    if (uncounted) yield { kind: 'uncounted', name, pools } as const;
    else if (error) yield { kind: 'unsupported', name, issued: Number(error) } as const;
    else if (cannot) {
      yield { kind: 'error', name, refusal: { major: -5, minor: 222 } } as const;
    } else {
      yield { kind: 'counted', name, issued: Number(issued), used: Number(used), pools } as const;
    }
  }
}

function* readPools(reader: Reader, server: Place): Generator<PoolUsage> {
  const detail = /^ {0,2}"(.*)" v(\S+), vendor: ([^,]+)(?:, expiry: (.*))?$/;
  for (const [, name = '', version = '', vendor = '', expiry] of reader.all(detail)) {
    const vendorString = reader.peek(/^ {2}vendor_string: (.*)$/)?.[1];
    if (vendorString !== undefined) reader.next(/^ {2}vendor_string: /);
    const lock = readLock(reader.next(/^ {2}(.*)$/)[1]!);
    reader.skip(/^$/);
    const entries = [...readEntries(reader, server)];
    reader.skip(/^$/);
    const permanent = expiry === 'permanent(no expiration date)';
    yield {
      ...{ name, version, vendor, lock, entries },
      ...(expiry === undefined ? {} : { expiry: permanent ? 'permanent' : expiry }),
      ...(vendorString === undefined ? {} : { vendorString }),
    };
  }
}

function readLock(text: string): PoolLock {
  if (text === 'floating license') return { kind: 'floating' };
  const hostid = /locked to "(.*)"/.exec(text)?.[1];
  if (hostid !== undefined) return { kind: 'nodelocked', hostid };
  return { kind: 'uncountedNodelocked', hostid: 'ANY' };
}

function* readEntries(reader: Reader, server: Place): Generator<PoolEntry> {
  const either = joined(
    String.raw`^ {4}(\S+) (\S+)(?: (.*))? \(v(\S+)\) \((\S+)\/(\d+) (\d+)\)`,
    String.raw`(?:, start (\w+) (\d+)\/(\d+) (\d+):(\d+)`,
    String.raw`(?:, (\d+) licenses)?(?: +\(linger: (?:(\d+) \/ )?(\d+)\))?`,
    String.raw`| queued for (\d+) licenses?)$`,
    String.raw`|^\t(\d+) RESERVATIONs? for (USER|HOST|GROUP) (\S+) \(\S+\)$`,
  );
  for (const found of reader.all(either)) {
    const [, name = '', host = '', display = '', version = '', at = '', port, handle, ...rest] =
      found;
    const [weekday = '', month, day, hours, minutes, count, remaining, total, queued, ...kept] =
      rest;
    if (kept[0] !== undefined) {
      const type = kept[1] as 'USER' | 'HOST' | 'GROUP';
      yield { kind: 'reservation', count: Number(kept[0]), type, name: kept[2]! };
      continue;
    }
    Object.assign(server, { host: at, port: Number(port) });
    const client = { user: name, host, display, version, handle: Number(handle) };
    if (queued !== undefined) {
      yield { kind: 'queued', ...client, count: Number(queued) };
      continue;
    }
    const date = [Number(month), Number(day)] as const;
    yield {
      ...{ kind: 'user', ...client, count: Number(count ?? 1) },
      since: localTime(
        [yearOf(weekday, date, reader.year), ...date],
        [Number(hours), Number(minutes)],
      ),
      ...(total === undefined
        ? {}
        : { linger: { remainingSeconds: Number(remaining), totalSeconds: Number(total) } }),
    };
  }
}

/** The nearest year in which that day was that weekday: lmstat tells none. */
function yearOf(weekday: string, [month, day]: readonly [number, number], year: number): number {
  const candidates = [0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5].map((offset) => year + offset);
  const fits = (each: number): boolean =>
    new Date(each, month - 1, day).toDateString().startsWith(weekday);
  return candidates.find(fits) ?? year;
}
