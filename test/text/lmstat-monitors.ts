/**
 * How public monitors read lmstat, written anew from what is documented of their patterns and sharing no code with
 * ours: what each accepts, where it is strict, and what it counts.
 */

/** What a monitor finds; what it does not look for is absent. */
export interface Reading {
  /** License servers that are up. */
  readonly up?: number;
  /** Vendor daemons, and whether they are up. */
  readonly daemons?: Readonly<Record<string, boolean>>;
  /** By feature: issued and in use; uncounted ones are absent. */
  readonly totals: Readonly<Record<string, readonly [issued: number, used: number]>>;
  /** Seats that listed users hold, by feature. */
  readonly seats?: Readonly<Record<string, number>>;
  readonly reserved?: number;
  readonly queued?: number;
  /** Features that expire, with the date as it stands. */
  readonly expiries?: Readonly<Record<string, string>>;
}

type Tally = Record<string, number>;

function add(tally: Tally, key: string, count: number): void {
  tally[key] = (tally[key] ?? 0) + count;
}

const word = (pattern: string): string => `(?:${pattern})`;
const stamp = String.raw`\w+ \d+\/\d+ \d+:\d+`;

/**
 * A Prometheus exporter (flexlm_exporter). A vendor daemon's line begins with a blank; users are any printable
 * words, hosts are of letters, digits, dots and dashes; a linger counts only as `n / m`; whoever waits needs a
 * word of digits before the version; the line must end there.
 */
export function prometheusExporter(text: string): Reading {
  const host = String.raw`[\w.-]+`;
  const place = String.raw`\(v[\w.]+\) \(${host}\/\d+ \d+\)`;
  const tail = String.raw`(?:, (\d+) \w+)?(?:\s+\(linger: \d+ \/ \d+\))?(?:,\s+PID:\s+\d+\s?)?$`;
  const user = new RegExp(String.raw`^\s+\S.* ${host}(?: .+)? ${place}, start ${stamp}${tail}`);
  const waiting = new RegExp(
    String.raw`^\s+\S.* ${host} .+ [\d.]+ ${place}\s+queued for (\d+) licenses?$`,
  );
  const totals: Record<string, readonly [number, number]> = {};
  const daemons: Record<string, boolean> = {};
  const seats: Tally = {};
  let [feature, up, reserved, queued] = ['', 0, 0, 0];
  for (const line of text.split('\n')) {
    const total =
      /^Users of (.*):\s+\(Total of (\d+) \w+ issued;\s+Total of (\d+) \w+ in use\)$/.exec(line);
    const daemon = /^\s+(\w+): (UP|DOWN) v[\d.]+$/.exec(line);
    if (/[\w.-]+: license server UP( \(MASTER\))? v[\d.]+$/.test(line)) up++;
    else if (daemon) daemons[daemon[1]!] = daemon[2] === 'UP';
    else if (total) {
      feature = total[1]!;
      totals[feature] = [Number(total[2]), Number(total[3])];
    } else if (user.test(line)) add(seats, feature, Number(user.exec(line)![1] ?? 1));
    else if (waiting.test(line)) queued += Number(waiting.exec(line)![1]);
    else
      reserved += Number(
        /^\s*(\d+)\s+\w+\s+for\s+(?:HOST|HOST_GROUP|GROUP)\s+\w/.exec(line)?.[1] ?? 0,
      );
  }
  return { up, daemons, totals, seats, reserved, queued };
}

/**
 * A PHP page (phpLicenseWatcher). Features of letters, digits, dashes and blanks; a user of one or two words, one
 * word of host and one of display; what comes behind the number of licenses does not matter.
 */
export function phpPage(text: string): Reading {
  const client = String.raw`^ *[^ ]+${word(' [^ ]+')}? [^ ]+ [^ ]+ \([^ ]+\) \([^ ]+ \d+\)`;
  const user = new RegExp(
    String.raw`${client}, start \w{3} \d{1,2}\/\d{1,2} \d{1,2}:\d\d(?:, (\d+) licenses)?`,
  );
  const waiting = new RegExp(String.raw`${client} queued for (\d+)`);
  const totals: Record<string, readonly [number, number]> = {};
  const seats: Tally = {};
  let [feature, reserved, queued] = ['', 0, 0];
  for (const line of text.split('\n')) {
    const total =
      /^Users of ([\w\- ]+): {2}\(Total of (\d+) licenses? issued; {2}Total of (\d+)/.exec(line);
    const uncounted = /^Users of ([\w\- ]+): {2}\(Uncounted/.exec(line);
    if (total) totals[total[1]!] = [Number(total[2]), Number(total[3])];
    feature = total?.[1] ?? uncounted?.[1] ?? feature;
    if (user.test(line)) add(seats, feature, Number(user.exec(line)![1] ?? 1));
    else if (waiting.test(line)) queued += Number(waiting.exec(line)![1]);
    else reserved += Number(/ *(\d+) RESERVATIONs? for [^ ]+ [^ ]+/.exec(line)?.[1] ?? 0);
  }
  return { totals, seats, reserved, queued };
}

/**
 * A Nagios plug-in (check_flexlm). Daemons stand between their heading and `Feature usage info`; it looks for
 * expiries with a date and takes the year 0 and `permanent` as never.
 */
export function nagiosPlugin(text: string): Reading {
  const totals: Record<string, readonly [number, number]> = {};
  const daemons: Record<string, boolean> = {};
  const expiries: Record<string, string> = {};
  let [up, isDaemon] = [0, false];
  for (const line of text.split('\n')) {
    const usage = /^Users of ([^:\s]+):\s+\((.*)\)\s*$/.exec(line.trim());
    const total = /Total of (\d+) licenses? issued;\s+Total of (\d+) licenses? in use/.exec(
      usage?.[2] ?? '',
    );
    const daemon = /^\s*([^\s:]+): (.+?)\s*$/.exec(line);
    const expiry = /^\s*"([^"]+)" v[^,]*, vendor: [^,\s]+,.*expiry: (\S+)/.exec(line);
    if (/^\s*\S+: license server UP\b/.test(line)) up++;
    else if (line.startsWith('Vendor daemon status')) isDaemon = true;
    else if (line.startsWith('Feature usage info')) isDaemon = false;
    else if (isDaemon && daemon) daemons[daemon[1]!] = daemon[2]!.startsWith('UP');
    else if (usage && total) totals[usage[1]!] = [Number(total[1]), Number(total[2])];
    else if (expiry && !/^permanent|-0+$/.test(expiry[2]!)) expiries[expiry[1]!] = expiry[2]!;
  }
  return { up, daemons, totals, expiries };
}

/**
 * A Windows program (LicenseStatus). It cuts the text at each `Users of`, needs three words before the version, and
 * counts licenses where they follow the start at once.
 */
export function windowsProgram(text: string): Reading {
  const totals: Record<string, readonly [number, number]> = {};
  const seats: Tally = {};
  const blocks = text.split(/^(?=Users of \S+:)/m).slice(1);
  for (const block of blocks) {
    const total =
      /^Users of (\S+):\s+\(Total of (\d+) \w+ issued;\s+Total of (\d+) \w+ in use/.exec(block);
    if (!total) continue;
    totals[total[1]!] = [Number(total[2]), Number(total[3])];
    const user = new RegExp(
      String.raw`\S+ \S+ \S+ \(\S+\) \(\S+\/\d+ \d+\), start ${stamp}(?:, (\d+) licenses)?`,
      'g',
    );
    for (const [, count] of block.matchAll(user)) add(seats, total[1]!, Number(count ?? 1));
  }
  const [, daemon = '', state] = /^Vendor daemon status.+$\n\s+(\S+): (UP)? ?/m.exec(text) ?? [];
  return { daemons: { [daemon]: state === 'UP' }, totals, seats };
}

/**
 * A scheduler's agent (license-manager), which asks for one feature. It knows the plural `licenses` only, one word
 * each of user, host and display and perhaps one of data, and a line that ends at the start or the number.
 */
export function schedulerAgent(text: string): Reading {
  const label = '[a-zA-Z0-9-]+';
  const host = String.raw`${label}(?:\.${label})*`;
  const user = new RegExp(
    String.raw`^\s+\S+ ${host} \S+(?: [\w:=-]+)? \([^() ]+\) \(${host}\/\d+ \d+\), start \S+ \d+\/\d+ \d+:\d+(?:, (\d+) licenses)?$`,
  );
  const totals: Record<string, readonly [number, number]> = {};
  const seats: Tally = {};
  let feature = '';
  for (const line of text.split('\n')) {
    const total =
      /^Users of ([\w:-]+): {2}\(Total of (\d+) licenses issued; {2}Total of (\d+) licenses in use\)$/.exec(
        line,
      );
    if (total) {
      feature = total[1]!.toLowerCase();
      totals[feature] = [Number(total[2]), Number(total[3])];
    } else if (user.test(line)) add(seats, feature, Number(user.exec(line)![1] ?? 1));
  }
  return { totals, seats };
}
