import type { FeatureLine } from '../license/model.ts';
import type { OptionsRule } from '../options/model.ts';
import { specKey, specOf } from './licensed.ts';
import type { LintRule } from './model.ts';
import { attributePlace, featurePlace, firstWord, lastWord, spot } from './places.ts';

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
        yield spot(file, featurePlace(file, line, rule.spec), message);
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
        yield spot(file, attributePlace(file, line, based.word), message);
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
        yield spot(file, attributePlace(file, line, based.word), message);
      }
    },
  },
  {
    id: 'borrow-lowwater-over-count',
    severity: 'warning',
    summary: 'more seats are kept from borrowing than there are',
    why:
      'BORROW_LOWWATER keeps so many seats in the house. A number above the licensed count keeps ' +
      'all of them: nobody can borrow.',
    fix: 'Write a number below the count, or EXCLUDE_BORROW lines if nobody should borrow.',
    source: 'LAG, "BORROW_LOWWATER"',
    *options({ file, rules, licensed }) {
      for (const line of rules) {
        const { rule } = line;
        if (rule.keyword !== 'BORROW_LOWWATER') continue;
        const seats = licensed.seatsOf(rule.spec);
        if (seats === undefined || rule.count <= seats) continue;
        const message = `expected at most the ${seats} seats of ${specKey(rule.spec)}, got ${rule.count}`;
        yield spot(file, lastWord(file, line), message);
      }
    },
  },
  {
    id: 'option-on-uncounted',
    severity: 'warning',
    summary: 'an option about the seats of an uncounted feature',
    why:
      'An uncounted feature has no seats that could linger, be held back, given back or ' +
      'borrowed: whoever may use it uses it without asking a server.',
    fix: 'Delete the line, or check that it names the right feature.',
    source: 'LAG, "FEATURE and INCREMENT Lines"',
    *options({ file, rules, licensed }) {
      for (const line of rules) {
        const spec = specOf(line.rule);
        if (!spec || !aboutSeats.has(line.rule.keyword)) continue;
        const lines = licensed.linesOf(spec);
        if (lines.length === 0 || lines.some(({ count }) => count !== 0)) continue;
        const message = `${line.rule.keyword}: expected a counted feature, got uncounted ${spec.feature}`;
        yield spot(file, featurePlace(file, line, spec), message);
      }
    },
  },
  {
    id: 'option-without-effect',
    severity: 'info',
    summary: 'an option that the license makes needless',
    why:
      'Borrowing rules need BORROW on the license line and MAX_OVERDRAFT needs OVERDRAFT; both ' +
      'can only lower what the license gives, and MAX only what there is.',
    fix: 'Delete the line, or check that it names the right feature.',
    source: 'LAG, "MAX_BORROW_HOURS"; "MAX_OVERDRAFT"; "MAX"',
    *options({ file, rules, licensed }) {
      for (const line of rules) {
        const spec = specOf(line.rule);
        const lines = spec ? licensed.linesOf(spec) : [];
        if (!spec || lines.every(({ count }) => count === 0)) continue;
        const why = needlessness(line.rule, lines, licensed.seatsOf(spec));
        if (why === undefined) continue;
        yield spot(file, firstWord(file, line), `${line.rule.keyword} ${specKey(spec)}: ${why}`);
      }
    },
  },
];

/** Why an option changes nothing about these lines of the license; undefined if it does. */
function needlessness(
  rule: OptionsRule['rule'],
  lines: readonly FeatureLine[],
  seats: number | undefined,
): string | undefined {
  const most = (field: 'borrowHours' | 'overdraft'): number | undefined =>
    lines.reduce<number | undefined>((highest, { attributes }) => {
      const value = attributes[field];
      return value === undefined || value < (highest ?? 0) ? highest : value;
    }, undefined);
  switch (rule.keyword) {
    case 'BORROW_LOWWATER':
    case 'EXCLUDE_BORROW':
    case 'INCLUDE_BORROW':
      return most('borrowHours') === undefined ? without('BORROW') : undefined;
    case 'MAX_BORROW_HOURS':
      return notFewer(rule.hours, most('borrowHours') ?? without('BORROW'), 'hours');
    case 'MAX_OVERDRAFT':
      return notFewer(rule.count, most('overdraft') ?? without('OVERDRAFT'), 'seats');
    case 'MAX':
      return seats === undefined
        ? undefined
        : notFewer(rule.count, seats + (most('overdraft') ?? 0), 'seats');
    default:
      return undefined;
  }
}

function without(attribute: string): string {
  return `expected a feature with ${attribute}, got one without`;
}

/** `licensed`: how many there are, or why there are none. */
function notFewer(value: number, licensed: number | string, unit: string): string | undefined {
  if (typeof licensed === 'string') return licensed;
  if (value < licensed) return undefined;
  return `expected fewer than the licensed ${licensed} ${unit}, got ${value}`;
}

/** Keywords that mean something for counted features only. */
const aboutSeats = new Set<OptionsRule['rule']['keyword']>([
  ...(['BORROW_LOWWATER', 'LINGER', 'MAX_OVERDRAFT', 'RESERVE', 'TIMEOUT'] as const),
]);

/** USER_BASED or HOST_BASED and how many names it allows; 0 on the line means as many as seats. */
function basedOn(line: FeatureLine): { word: string; limit: number } | undefined {
  const { userBased, hostBased } = line.attributes;
  if (userBased !== undefined) return { word: 'USER_BASED', limit: userBased || line.count };
  if (hostBased !== undefined) return { word: 'HOST_BASED', limit: hostBased || line.count };
  return undefined;
}
