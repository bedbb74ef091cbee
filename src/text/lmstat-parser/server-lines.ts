import { readCodedError, readError } from './errors.ts';
import { matching } from './line.ts';
import type { Part } from './outline.ts';
import type { ParsedServer } from './parsed.ts';

export const host = matching(
  /^(\S+): license server (UP|DOWN)( \(MASTER\))?(?: v(.*))?$/,
  ([, name = '', state, master, version], { number }, outline) => {
    outline.addHost({
      ...{ line: number, name, state: state === 'UP' ? 'up' : 'down' },
      ...{ master: master !== undefined, ...(version === undefined ? {} : { version }) },
    });
  },
);

export const vendor = matching(
  /^(\S+): (UP|DOWN|down)(?: v(.*))?$/,
  ([, name = '', word, version], { number }, outline) => {
    const state = word === 'UP' ? 'up' : 'down';
    const told = version === undefined ? {} : { version };
    outline.enterVendor({ line: number, name, state, ...told });
  },
);

const placesOfErrors: ReadonlySet<Part> = new Set(['hosts', 'vendors', 'features']);

/** A server or daemon that cannot be reached: which of the two, the heading above it tells. */
export const unreachable = matching(
  /^(\S+): (.*)$/,
  ([, name = '', text = ''], { number }, outline) => {
    const error = placesOfErrors.has(outline.part) ? readCodedError(text) : undefined;
    if (!error) return false;
    if (outline.part === 'hosts') {
      outline.addHost({ line: number, name, state: 'unreachable', master: false, error });
    } else {
      outline.enterVendor({ line: number, name, state: 'down', error });
    }
    return true;
  },
);

export const failure = matching(
  /^(Error getting status|lmgrd is not running): (.*)$/,
  ([, words, text = ''], { number }, outline) => {
    const step = words === 'lmgrd is not running' ? 'reachingLmgrd' : 'gettingStatus';
    const server = outline.serverFailingAt(number);
    server.failure = { line: number, step, error: readError(text) };
  },
);

export const serverSpec = matching(
  /^License server status: (.*)$/,
  ([, spec = ''], { number }, outline) => {
    outline.enterServer(number, spec, addressesOf(spec));
    outline.part = 'hosts';
  },
);

function addressesOf(spec: string): ParsedServer['addresses'] {
  return spec.split(',').map((element) => {
    const at = element.indexOf('@');
    const port = element.slice(0, Math.max(at, 0));
    const host = element.slice(at + 1);
    return /^\d{1,5}$/.test(port) ? { host, port: Number(port) } : { host };
  });
}

export const licenseFiles = matching(
  /^License file\(s\) on (.*?):(?: (.*))?$/,
  ([, name = '', list = ''], { number }, outline) => {
    outline.serverAt(number).licenseFiles = { host: name, paths: pathsOf(list) };
    outline.part = 'hosts';
  },
);

/** Each path ends with a colon. One behind a single letter and before a slash is a drive's. */
function pathsOf(list: string): readonly string[] {
  const paths: string[] = [];
  let start = 0;
  for (let at = list.indexOf(':'); at >= 0; at = list.indexOf(':', at + 1)) {
    const isDrive = /^[A-Za-z]$/.test(list.slice(start, at)) && /[\\/]/.test(list[at + 1] ?? '');
    if (isDrive) continue;
    paths.push(list.slice(start, at));
    start = at + 1;
  }
  return start < list.length ? [...paths, list.slice(start)] : paths;
}

export const vendorHeading = matching(
  /^Vendor daemon status \(on (.*)\):?$/,
  ([, name = ''], { number }, outline) => {
    outline.serverAt(number).masterHost = name;
    outline.part = 'vendors';
  },
);
