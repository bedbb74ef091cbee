import { type LineKind, matching } from './line.ts';
import { readExpiry, readReportTime } from './times.ts';

export const usageHeading = matching(/^Feature usage info:$/, () => {});

export const sectionRule = matching(/^-{20,}$/, (_found, _line, outline) => {
  outline.leaveServer();
  outline.part = 'head';
});

export const banner = matching(
  /^(?:(\S+) - )?(?:Copyright )?\(c\) \d{4}\b/i,
  ([, program], _line, outline) => {
    if (program !== undefined) outline.program ??= program;
    outline.leaveServer();
    outline.part = 'head';
  },
);

export const reportTime = matching(
  /^(?:Flexible License Manager status on )?([A-Za-z]{3} [\d/]+ [\d:]+)$/,
  ([, stamp = ''], _line, outline) => {
    const time = readReportTime(stamp);
    if (!time) return false;
    outline.time = time;
    outline.at ??= time.text;
    return true;
  },
);

export const detecting = matching(
  /^\[?Detecting lmgrd processes\.\.\.\]?$/,
  (_found, _line, outline) => {
    outline.windows = true;
  },
);

export const toolVersion = matching(
  /^(lm[a-z]+)(?: v(\S+) build (\d{1,9}) (\S+))?$/,
  ([, name = '', version, build, platform = ''], _line, outline) => {
    if (outline.servers.length > 0 || outline.tool) return false;
    const told = version === undefined ? {} : { version, build: Number(build), platform };
    outline.tool = { name, ...told };
    return true;
  },
);

export const note = matching(/^NOTE: lmstat -i\b/, (_found, _line, outline) => {
  outline.part = 'note';
});

/** The lines of a note go on to the next empty one. */
export const noteRest: LineKind = (_line, { part }) => part === 'note';

export const tableHeading = matching(
  /^Feature\s+Version\s+#licenses\s+(Vendor|Expires)\s+(?:Vendor|Expires)$/,
  ([, first], _line, outline) => {
    outline.table ??= [];
    outline.tableEndsWith = first === 'Vendor' ? 'expires' : 'vendor';
    outline.part = 'table';
  },
);

export const tableRule = matching(/^_+( +_+)+$/, (_found, _line, { part }) => part === 'table');

export const tableRow = matching(
  /^(\S+) +(\S+) +(\d{1,12}|uncounted) +(\S.*)$/,
  ([, name = '', version = '', count = '', rest = ''], { number }, outline) => {
    if (outline.part !== 'table') return false;
    const atEnd = outline.tableEndsWith === 'expires';
    const cut = atEnd ? rest.indexOf(' ') : rest.lastIndexOf(' ');
    if (cut < 0) return false;
    const [first, last] = [rest.slice(0, cut).trimEnd(), rest.slice(cut + 1).trimStart()];
    const [vendorName, expiry] = atEnd ? [first, last] : [last, first];
    outline.table?.push({
      ...{ line: number, name, version, count: count === 'uncounted' ? 0 : Number(count) },
      ...{ vendor: vendorName, expiry: readExpiry(expiry) },
    });
    return true;
  },
);

/** Where someone cut lines out of what is shown. */
export const ellipsis = matching(/^\.\.\.$/, () => {});

/** A longer line is no command of anybody's. */
const COMMAND_CHARACTERS_MAX = 1_000;

/** The command, as a terminal shows it above the output. */
export const command: LineKind = ({ text }, { part, servers }) =>
  part === 'head' &&
  servers.length === 0 &&
  text.length <= COMMAND_CHARACTERS_MAX &&
  /(?:^|[\s/\\>$#%])lm(?:stat|util)(?:\.exe)? .*-/i.test(text);
