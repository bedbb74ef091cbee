import type { FeatureLine } from '../license/model.ts';
import type { OptionsRule } from '../options/model.ts';
import { specKey } from './licensed.ts';
import type { LintRule } from './model.ts';
import { firstWord, spot, wordOf } from './places.ts';

/** Rules that compare an options file with the seats and attributes of the licensed features. */
export const optionsSeatRules: readonly LintRule[] = [
  {
    id: 'reserve-over-count',
    severity: 'error',
    summary: 'more seats reserved than licensed',
    why:
      'The reservations of a pool are taken in file order until its seats are used up; the rest ' +
      'are ignored. What is reserved in full leaves nothing for anybody else.',
    fix: 'Lower the reservations so that their sum stays below the licensed count.',
    source: 'LAG, "RESERVE"',
    *options(view) {
      const reserved = new Map<string, number>();
      for (const line of view.rules) {
        const { rule } = line;
        if (rule.keyword !== 'RESERVE') continue;
        const bare = { feature: rule.spec.feature };
        for (const spec of rule.spec.selector ? [rule.spec, bare] : [bare]) {
          const key = specKey(spec);
          const sum = (reserved.get(key) ?? 0) + rule.count;
          reserved.set(key, sum);
          const seats = view.licensed.seatsOf(spec);
          if (seats === undefined || sum <= seats) continue;
          const message =
            `expected at most ${seats} seats of ${key} reserved, ` + `got ${sum} with this line`;
          yield spot(view.file, firstWord(view.file, line), message);
          break;
        }
      }
    },
  },
  {
    id: 'reserve-suite-reserved',
    severity: 'warning',
    summary: 'a reservation in a SUITE_RESERVED package',
    why:
      'SUITE_RESERVED holds the other components for whoever has one. A RESERVE of the package ' +
      'or of a component holds them a second time.',
    fix: 'Delete the RESERVE line.',
    source: 'LAG, "RESERVE"',
    *options({ file, rules, catalog }) {
      for (const line of rules) {
        const { rule } = line;
        if (rule.keyword !== 'RESERVE') continue;
        const suite = catalog.suiteReserved.get(rule.spec.feature.toLowerCase());
        if (!suite) continue;
        const message =
          `expected no RESERVE for SUITE_RESERVED package ${suite.name}, ` +
          `got ${rule.spec.feature}`;
        yield spot(file, wordOf(file, line, rule.spec.feature), message);
      }
    },
  },
  {
    id: 'user-based-without-include',
    severity: 'warning',
    summary: 'a named-user line whose users nobody named',
    why:
      'A USER_BASED or HOST_BASED line may be used only by those whom an INCLUDE line of the ' +
      'options file names. Nobody is named, so everybody is refused.',
    fix:
      "Add INCLUDE lines for the feature to the vendor's options file; if it has several pools, " +
      'with a selector.',
    flexnetCode: -84,
    source: 'LAG, "FEATURE and INCREMENT Lines"; error list, -84',
    *license({ file, features }, { options, namedClients }) {
      for (const line of features) {
        const based = basedOn(line);
        if (!based || namedClients.countFor(line) > 0) continue;
        const where = options.length > 0 ? 'none' : 'no options file';
        const message = `expected an INCLUDE line for ${based.word} feature ${line.name}, got ${where}`;
        yield spot(file, wordOf(file, line, based.word), message);
      }
    },
  },
  {
    id: 'named-users-over-limit',
    severity: 'warning',
    summary: 'more users named than a named-user line allows',
    why:
      'USER_BASED=n and HOST_BASED=n allow n names. The daemon takes no more, or refuses them ' +
      'all.',
    fix: 'Name fewer in the INCLUDE lines and their groups.',
    source: 'LAG, "FEATURE and INCREMENT Lines"',
    *license({ file, features }, { namedClients }) {
      for (const line of features) {
        const based = basedOn(line);
        const count = based ? namedClients.countFor(line) : 0;
        if (!based || count <= based.limit) continue;
        const message = `expected at most ${based.limit} names for ${line.name}, got ${count}`;
        yield spot(file, wordOf(file, line, based.word), message);
      }
    },
  },
  {
    id: 'option-without-effect',
    severity: 'info',
    summary: 'an option about something the license does not allow',
    why:
      'Borrowing rules need BORROW on the license line and MAX_OVERDRAFT needs OVERDRAFT; both ' +
      'can only lower what the license gives.',
    fix: 'Delete the line, or check that it names the right feature.',
    source: 'LAG, "MAX_BORROW_HOURS"; "MAX_OVERDRAFT"',
    *options({ file, rules, licensed }) {
      for (const line of rules) {
        if (!('spec' in line.rule)) continue;
        const { spec } = line.rule;
        if (!/BORROW|OVERDRAFT/.test(line.rule.keyword)) continue;
        const lines = licensed.linesOf(spec);
        const why = lines.length > 0 ? withoutEffect(line.rule, lines) : undefined;
        if (why === undefined) continue;
        yield spot(file, firstWord(file, line), `${line.rule.keyword} ${specKey(spec)}: ${why}`);
      }
    },
  },
];

function withoutEffect(
  rule: OptionsRule['rule'],
  lines: readonly FeatureLine[],
): string | undefined {
  if (/BORROW/.test(rule.keyword)) {
    const hours = lines.flatMap((line) => line.attributes.borrowHours ?? []);
    if (hours.length === 0) return 'expected a feature with BORROW, got one without';
    const most = hours.reduce((a, b) => Math.max(a, b));
    const lowers = rule.keyword !== 'MAX_BORROW_HOURS' || rule.hours < most;
    return lowers ? undefined : `expected fewer than the licensed ${most} hours, got ${rule.hours}`;
  }
  if (rule.keyword !== 'MAX_OVERDRAFT') return undefined;
  const overdraft = lines.some((line) => line.attributes.overdraft !== undefined);
  return overdraft ? undefined : 'expected a feature with OVERDRAFT, got one without';
}

/** USER_BASED or HOST_BASED and how many names it allows; 0 on the line means as many as seats. */
function basedOn(line: FeatureLine): { word: string; limit: number } | undefined {
  const { userBased, hostBased } = line.attributes;
  if (userBased !== undefined) return { word: 'USER_BASED', limit: userBased || line.count };
  if (hostBased !== undefined) return { word: 'HOST_BASED', limit: hostBased || line.count };
  return undefined;
}
