import { didYouMean } from '../../base/nearest.ts';
import { lineKinds } from '../license/lines.ts';
import type { LicenseView } from './catalog.ts';
import type { LintRule, Spot } from './model.ts';
import { firstWord, spot } from './places.ts';

/** What the parsers report while they read; here is why it matters and what to do about it. */
export const parserRules: readonly LintRule[] = [
  {
    id: 'unknown-keyword',
    severity: 'error',
    summary: 'a keyword that no version knows',
    why:
      'Keywords in upper case are part of the signed license. A daemon that does not know one ' +
      'takes the line for a newer format or a misspelling, and refuses it.',
    fix:
      'Correct the spelling, or delete the word if the vendor did not write it. Words of your ' +
      'own are written in lower case with an equals sign.',
    flexnetCode: -90,
    source: 'End User Guide v10, App. B; error list, -90',
  },
  {
    id: 'unknown-statement',
    severity: 'error',
    summary: 'a line that starts with an unknown keyword',
    why:
      'License files have lines SERVER, VENDOR, USE_SERVER, FEATURE, INCREMENT, PACKAGE and ' +
      'UPGRADE. A line with another keyword is passed over, so what it was meant to say has no ' +
      "effect. ENCRYPTION_SEEDS, for one, belongs to the vendor's own tools.",
    fix: 'Correct the spelling, make the line a comment with #, or delete it.',
    flexnetCode: -90,
    source: 'LAG, "License File Format"; error list, -90',
    insteadOf: ['unknown-keyword'],
    license: (view) => unknownLines(view, (word) => keywordForm.test(word)),
  },
  {
    id: 'unknown-line',
    severity: 'warning',
    summary: 'a line that is none of a license file',
    why:
      'A license manager passes over lines that it does not know. Mail headers, shell commands ' +
      'and dots for something left out do no harm, but a line that was meant to count does not.',
    fix: 'Make the line a comment with #, or delete it.',
    source: 'LAG, "License File Format"; unverified: that unknown lines are passed over',
    insteadOf: ['unknown-keyword'],
    license: (view) => unknownLines(view, (word) => !keywordForm.test(word)),
  },
  {
    id: 'options-keyword-in-license',
    severity: 'error',
    summary: 'an options line inside a license file',
    why:
      'RESERVE, INCLUDE, MAX, TIMEOUT, REPORTLOG and their like belong in the options file of a ' +
      'vendor daemon. In a license file they are ignored: the rule that somebody relies on is ' +
      'not in force.',
    fix:
      'Move the line to the options file: the one that OPTIONS= of the VENDOR line names, or the ' +
      "vendor's name and .opt beside the license file.",
    source: 'LAG, "Managing the Options File"',
    insteadOf: ['options-keyword-in-license'],
    *license({ file, vendors }) {
      const vendor = vendors[0]?.vendor;
      const fix = vendor && vendors.length === 1 ? `Move the line to ${vendor}.opt.` : undefined;
      for (const line of file.lines) {
        if (line.kind !== 'optionsKeyword') continue;
        const message =
          'expected a line of a license file, ' + `got ${line.keyword} of an options file`;
        yield spot(file, firstWord(file, line), message, fix);
      }
    },
  },
  {
    id: 'missing-field',
    severity: 'error',
    summary: 'a line ends before all its fields',
    why:
      'The fields at the start of a line are told apart by their order alone. With one missing ' +
      'the line cannot be read and is refused.',
    fix:
      "Compare with the vendor's file; often the line was broken and its second half stands " +
      'alone.',
    flexnetCode: -2,
    source: 'LAG, "License File Format"; error list, -2, -82',
  },
  {
    id: 'bad-date',
    severity: 'error',
    summary: 'a date that cannot be read',
    why:
      'Dates are written day-month-year with the first three letters of the English month. A ' +
      'month in another language or a day that does not exist makes the line invalid.',
    fix:
      'Write 31-dec-2031, or permanent for an expiry that never comes. If the date came like ' +
      'this from the vendor, have the file issued again.',
    flexnetCode: -11,
    source: 'End User Guide v10, App. B; error list, -11',
  },
  {
    id: 'bad-version',
    severity: 'error',
    summary: 'a version that is not a decimal number',
    why:
      'Versions are compared as numbers, digits with at most one dot. Letters or a second dot ' +
      'make the line invalid.',
    fix: 'Write a number such as 12.5 or 2030.1231.',
    flexnetCode: -77,
    source: 'LAG, "FEATURE and INCREMENT Lines"; error list, -77',
  },
  {
    id: 'bad-count',
    severity: 'error',
    summary: 'a number of licenses that cannot be read',
    why:
      'The count is a whole number, or the word uncounted. Anything else leaves the line without ' +
      'seats.',
    fix: 'Write a whole number, or uncounted.',
    flexnetCode: -2,
    source: 'LAG, "FEATURE and INCREMENT Lines"',
  },
  {
    id: 'bad-port',
    severity: 'error',
    summary: 'a port out of range',
    why: 'Ports go from 0 to 65535; at any other the daemon cannot listen.',
    fix: 'Write a port from 1024 to 65535, or leave it out.',
    source: 'LAG, "SERVER Lines"',
  },
  {
    id: 'bad-attribute-value',
    severity: 'error',
    summary: 'a value that its keyword does not take',
    why:
      "A daemon that cannot read a signed keyword refuses the line; one of the licensee's own " +
      'is ignored.',
    fix: 'Write the value in the form that the message names.',
    flexnetCode: -2,
    source: 'End User Guide v10, App. B',
  },
  {
    id: 'duplicate-attribute',
    severity: 'warning',
    summary: 'a keyword twice on one line',
    why: 'Only one of the two can count, and readers do not agree on which.',
    fix: 'Delete one of them.',
    source: 'End User Guide v10, App. B',
  },
  {
    id: 'stray-word',
    severity: 'warning',
    summary: 'a word that belongs to nothing',
    why:
      'Behind the fields of a line come keywords, alone or with a value. A bare word is ignored ' +
      'at best; often it is the second half of a value that should be in quotes.',
    fix: 'Put the value in quotes, or delete the word.',
    source: 'End User Guide v10, App. B',
  },
  {
    id: 'unterminated-quote',
    severity: 'error',
    summary: 'a quote or brace that is not closed',
    why:
      'All that follows on the line is read as part of the text in quotes, so its keywords are ' +
      'lost.',
    fix: 'Close the quote. If the text goes on in the next line, end this one with a backslash.',
    flexnetCode: -2,
    source: 'End User Guide v10, App. B',
  },
  {
    id: 'non-ascii-space',
    severity: 'error',
    summary: 'a blank that is none',
    why:
      'Mail programs and web pages put non-breaking spaces for blanks. A daemon takes them for ' +
      'letters and reads two words as one; the usual end of it is "no features to serve".',
    fix: "Type the blank anew in a plain-text editor, or save the vendor's attachment itself.",
    flexnetCode: -2,
    source: "vendors' pages on pasted license files",
  },
  {
    id: 'decimal-line',
    severity: 'error',
    summary: 'a line in decimal format',
    why:
      'Some vendors send lines as groups of digits to be typed in. fauxlm does not decode them, ' +
      "because that takes the vendor's key.",
    fix: "Convert the line with the vendor's lminstall, or ask for a readable one.",
    flexnetCode: -99,
    source: 'End User Guide v10, App. B, "Decimal Format"',
  },
  {
    id: 'line-too-long',
    severity: 'error',
    summary: 'a line too long to be read',
    why:
      'fauxlm bounds what one line may hold, far above what FlexNet reads. Such a line is a ' +
      'damaged file, or none at all.',
    fix: 'Break the line into several, or check that this is the right file.',
    flexnetCode: -2,
    source: "fauxlm's own limit",
  },
  {
    id: 'too-many-lines',
    severity: 'error',
    summary: 'more lines than are read',
    why: 'fauxlm bounds what one file may hold. Lines behind the limit are not served.',
    fix: 'Split the file, or check that this is the right one.',
    source: "fauxlm's own limit",
  },
  {
    id: 'too-many-words',
    severity: 'error',
    summary: 'more words than are read',
    why:
      'fauxlm bounds what one file may hold, far above what license and options files have. Lines ' +
      'behind the limit are not served.',
    fix: 'Split the file, or check that this is the right one.',
    source: "fauxlm's own limit",
  },
  {
    id: 'too-many-findings',
    severity: 'warning',
    summary: 'more findings than are shown',
    why:
      'A file with so many has one cause, which the first of them names: it is not a license ' +
      'file, or it was damaged as a whole.',
    fix: 'Mend what the first findings name, then look again.',
    source: "fauxlm's own limit",
  },
  {
    id: 'options-syntax',
    severity: 'error',
    summary: 'an options line that cannot be read',
    why:
      'A vendor daemon reports the line in its debug log and goes on without it: the rule is not ' +
      'in force.',
    fix: 'Write the line in the form that the message names.',
    source: 'LAG, "Options File Syntax"',
  },
  {
    id: 'options-unknown-keyword',
    severity: 'error',
    summary: 'an options line that starts with an unknown word',
    why:
      'A vendor daemon reports the line in its debug log and goes on without it: the rule is not ' +
      'in force.',
    fix: 'Correct the spelling, make the line a comment with #, or delete it.',
    source: 'LAG, "Options File Syntax"',
  },
];

const keywordForm = /^[A-Z][A-Z\d_]{2,}$/;

const statements = lineKinds.map(({ word }) => word);

/** The lines whose first word the parser did not know, if it is such a word. */
function* unknownLines({ file }: LicenseView, concerns: (word: string) => boolean): Iterable<Spot> {
  const unknown = file.findings.filter(({ rule }) => rule === 'unknown-keyword');
  // Of FEATURESET the parser knows the word and has a remark only.
  const places = new Set(
    unknown.filter(({ severity }) => severity !== 'info').map(({ line }) => line),
  );
  for (const line of file.lines) {
    if (line.kind !== 'unknown' || !places.has(line.at.line)) continue;
    if (!concerns(line.firstWord)) continue;
    const got = `${line.firstWord}${didYouMean(line.firstWord, statements)}`;
    const message = `expected SERVER, VENDOR, FEATURE or another statement, got ${got}`;
    yield spot(file, firstWord(file, line), message);
  }
}
