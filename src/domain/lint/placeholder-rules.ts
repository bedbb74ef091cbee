import type { LicenseFile } from '../license/model.ts';
import type { OptionsFile, Rule } from '../options/model.ts';
import { clientOf, specOf } from './licensed.ts';
import type { LintRule, Spot } from './model.ts';
import { spot, wordOf } from './places.ts';

/** Host names that templates and vendors' mails put for the real one. */
const placeholderHost = /^<.*>?$|^your[_-]?|^(?:host|server)_?name\d*$|here[a-z]*(?:ip|be)/i;

/** Rules about text that was to be replaced before use. */
export const placeholderRules: readonly LintRule[] = [
  {
    id: 'placeholder',
    severity: 'warning',
    summary: 'a placeholder that nobody filled in',
    why:
      'Vendors and installers leave names to be replaced: of the server, of its host id, of ' +
      'users. As they stand they name no machine and nobody.',
    fix: 'Write the real name; for a host id what lmhostid prints.',
    source: "seen in vendors' templates",
    insteadOf: ['hostid-form'],
    *license({ file, servers }) {
      for (const line of servers) yield* firstOf(file, line, [line.host, ...line.hostids]);
    },
    *options({ file, rules }) {
      for (const line of rules) yield* firstOf(file, line, namesIn(line.rule), /^</);
    },
  },
];

function namesIn(rule: Rule): readonly string[] {
  const spec = specOf(rule);
  const client = clientOf(rule);
  const members = 'members' in rule ? rule.members : [];
  return [...(spec ? [spec.feature] : []), ...(client ? [client.name] : []), ...members];
}

function* firstOf(
  file: LicenseFile | OptionsFile,
  line: Parameters<typeof wordOf>[1],
  words: readonly string[],
  pattern = placeholderHost,
): Iterable<Spot> {
  const word = words.find((each) => pattern.test(each) || isMasked(each));
  if (word === undefined) return;
  yield spot(file, wordOf(file, line, word), `expected a real name, got ${word}`);
}

/** A host id of one repeated digit or letter, such as 000000000000. */
function isMasked(word: string): boolean {
  return /^([0xf])\1{7,}$/i.test(word);
}
