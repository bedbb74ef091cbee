import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { featureListLines, namePadding } from '../../src/text/debug-log-features.ts';
import { testWithCorpus } from './corpus.ts';

describe('the list of features that a daemon serves', () => {
  test('has one feature on the first line and three on the others', () => {
    const names = ['solve', 'a_feature', 'mesh', 'a_very_long_feature', 'v', 'w'];
    expect(
      featureListLines(
        'alpha',
        names.map((name) => ({ name })),
      ),
    ).toEqual([
      'Server started on alpha for:\tsolve\t\t',
      'a_feature\tmesh\t\ta_very_long_feature ',
      'v\t\tw\t\t',
    ]);
  });

  test('begins a line for a package, whose first component counts as the first feature', () => {
    const list = [
      { name: 'suite', components: ['p', 'q', 'r', 's', 't'] },
      { name: 'view' },
      { name: 'pair', components: ['x'] },
      { name: 'empty', components: [] },
    ];
    expect(featureListLines('alpha', list)).toEqual([
      'Server started on alpha for:\t',
      'suite (consisting of:\t\tp\t\t',
      'q\t\tr\t\ts\t\t',
      't)\t\tview\t\t',
      'pair (consisting of:\t\tx)\t\t',
      'empty\t\t',
    ]);
  });

  test('is one line when nothing is served', () => {
    expect(featureListLines('alpha', [])).toEqual(['Server started on alpha for:\t']);
  });

  test('puts names into columns of 16 while they fit, and never glues two together', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_]{1,40}$/);
    fc.assert(
      fc.property(fc.array(name, { maxLength: 30 }), (names) => {
        const [first = '', ...rest] = featureListLines(
          'h',
          names.map((each) => ({ name: each })),
        );
        const listed = [first.slice(first.indexOf('\t')), ...rest];
        expect(listed.flatMap((line) => line.match(/[^\t ]+/g) ?? [])).toEqual(names);
        for (const line of rest.slice(0, -1)) expect(line.match(/[^\t ]+/g)).toHaveLength(3);
        for (const each of names) {
          const padding = namePadding(each);
          if (each.length < 15) expect(columnsOf(each + padding)).toBe(16);
          else expect(padding).toBe(' ');
        }
      }),
    );
  });
});

/** How wide a text is where TABs stop at every eighth column. */
function columnsOf(text: string): number {
  let column = 0;
  for (const letter of text)
    column = letter === '\t' ? (Math.floor(column / 8) + 1) * 8 : column + 1;
  return column;
}

const logs = ['uni-win-autodesk', 'uni-win-matlab', 'hpc-ansys-2017-01', 'elk-adskflex-sample'];

for (const log of [...logs, 'adskflex-author-anonymised']) {
  const title = "a real daemon's list, read and rendered again, is the same";
  testWithCorpus(title, `debug-logs/${log}.log`, (text) => {
    const lines = text.replace(/\r/g, '').split('\n');
    const start = lines.findIndex((line) => line.includes('Server started on'));
    const [prefix = '', host = ''] =
      /^.*?\) (?=Server started on (\S+) for:)/.exec(lines[start] ?? '') ?? [];
    const end = lines.findIndex((line, index) => index > start && /EXTERNAL|Updating/.test(line));
    const real = lines.slice(start, end).map((line) => line.slice(prefix.length));
    expect(real.length).toBeGreaterThan(3);
    const body = real.join('\t').replace(/^Server started on \S+ for:/, '');
    const features: { name: string; components: string[] }[] = [];
    let open: string[] | undefined;
    for (const [, name = '', opening, closing] of body.matchAll(
      /([^\s()]+)( \(consisting of:)?(\))?/g,
    )) {
      if (open) open.push(name);
      else features.push({ name, components: [] });
      if (opening) open = features.at(-1)!.components;
      if (closing) open = undefined;
    }
    expect(featureListLines(host, features)).toEqual(real);
  });
}
