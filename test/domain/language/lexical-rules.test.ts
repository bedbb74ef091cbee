import { describe, expect, test } from 'vitest';
import { limits } from '../../../src/base/limits.ts';
import {
  attributesOf,
  licenseFindings,
  licenseLine,
  lineOf,
  optionsFindings,
  parseLicense,
  parseOptions,
} from './make.ts';

const kindsOf = (text: string): readonly string[] =>
  parseLicense(text).lines.map(({ kind }) => kind);

describe('lines', () => {
  test('are blank, a comment or a statement', () => {
    expect(kindsOf('\n \t\r\n# SERVER a 1\n  #\nSERVER a 1')).toEqual([
      'blank',
      'blank',
      'comment',
      'comment',
      'server',
    ]);
    expect(kindsOf('')).toEqual([]);
  });

  test('end at a line feed; a carriage return is a blank', () => {
    expect(parseLicense('SERVER a 1\r\nVENDOR v\rUSE_SERVER').lines).toMatchObject([
      { kind: 'server', hostids: ['1'], start: 0, end: 12 },
      { kind: 'vendor', vendor: 'v', daemonPath: 'USE_SERVER', line: 2 },
    ]);
  });

  test('begin with a keyword in any case, behind any blanks', () => {
    expect(lineOf('server', ' \t\f\vserver a 1').at).toEqual({ line: 1, column: 5 });
  });

  test('a byte-order mark is no character of the first line', () => {
    expect(licenseLine('\ufeffSERVER a 1')).toMatchObject({ at: { line: 1, column: 1 }, start: 0 });
    expect(licenseFindings('\ufeff SERVER a')).toEqual(['error missing-field 1:10 -2']);
    expect(licenseFindings('\n\ufeffSERVER a 1')).toContain('error non-ascii-space 2:1 -2');
  });
});

describe('a continuation', () => {
  test('joins the next line to this one', () => {
    const { lines } = parseLicense('SERVER a \\\n\t1 \\\r\n  27000\nVENDOR v\n');
    expect(lines).toMatchObject([
      { kind: 'server', hostids: ['1'], port: 27000, line: 1, lineCount: 3 },
      { kind: 'vendor', line: 4, lineCount: 1, at: { line: 4, column: 1 } },
    ]);
  });

  test('may have blanks or a comment behind it', () => {
    expect(lineOf('server', 'SERVER a 1 \\ \t\r\n27000').port).toBe(27000);
    expect(lineOf('server', 'SERVER a 1 \\ # why\n27000').port).toBe(27000);
    expect(lineOf('server', 'SERVER a 1\\\n27000').port).toBe(27000);
  });

  test('is none before a word, nor in a comment', () => {
    expect(lineOf('vendor', 'VENDOR v \\x\\ y').daemonPath).toBe('\\x\\');
    expect(kindsOf('# why \\\nSERVER a 1')).toEqual(['comment', 'server']);
  });

  test('swallows what follows, whatever it is', () => {
    expect(parseLicense('VENDOR v \\\nSERVER a 1\n').lines).toMatchObject([
      { kind: 'vendor', daemonPath: 'SERVER', optionsPath: 'a', port: 1 },
    ]);
    expect(kindsOf('VENDOR v \\\n\nUSE_SERVER\n')).toEqual(['vendor', 'useServer']);
  });

  test('at the end of the text joins nothing', () => {
    expect(licenseLine('SERVER a 1 \\')).toMatchObject({ kind: 'server', lineCount: 1, end: 12 });
    expect(licenseLine('SERVER a 1 \\\n')).toMatchObject({ kind: 'server', lineCount: 1, end: 13 });
  });

  test('is counted in the place of what follows', () => {
    expect(licenseFindings('FEATURE f v \\\n  1.x \\\n permanent 1 \\\n\tFUTURE=1')).toEqual([
      'error bad-version 2:3 -77',
      'error unknown-keyword 4:2 -90',
    ]);
  });
});

describe('quotes', () => {
  test('keep blanks and number signs in a word, wherever they are', () => {
    expect(attributesOf('NOTICE="a  b\t#c" ISSUER=x="y z"w')).toEqual({
      notice: 'a  b\t#c',
      issuer: 'x=y zw',
    });
  });

  test('go on over a continuation: it and the blanks around it are one blank', () => {
    expect(attributesOf('SIGN="00AA \\\n\t11BB\\\n22CC \\ \r\n 33DD"').sign).toBe(
      '00AA 11BB22CC 33DD',
    );
    expect(attributesOf('VENDOR_STRING=" \\\n   401, 402"').vendorString).toBe(' 401, 402');
  });

  test('around a name are not part of it, nor what the value is made of', () => {
    expect(attributesOf('SN=1 "lo\\\n wer"=x "up=per"=y "a b"={ c }').others).toEqual([
      { name: 'lo wer', value: 'x' },
      { name: 'up=per', value: 'y' },
      { name: 'a b', value: '{ c }' },
    ]);
  });

  test('that do not close end with the line, and make it unusable', () => {
    const text = 'FEATURE f v 1 permanent 1 NOTICE="a b\nVENDOR v\n';
    expect(licenseFindings(text)).toEqual(['error unterminated-quote 1:34 -2']);
    expect(parseLicense(text).lines).toMatchObject([
      { kind: 'feature', usable: false, attributes: { notice: 'a b' } },
      { kind: 'vendor' },
    ]);
    expect(licenseFindings('FEATURE f v 1 permanent 1 AUTH={ a={ b }')).toEqual([
      'error unterminated-quote 1:32 -2',
    ]);
  });
});

describe('a number sign', () => {
  test('begins a comment where a word could begin', () => {
    expect(licenseLine('SERVER a 1 # 27000')).not.toHaveProperty('port');
    expect(lineOf('vendor', 'VENDOR v a#b #c').daemonPath).toBe('a#b');
  });

  test('is part of a decimal host id', () => {
    expect(lineOf('server', 'SERVER a #439041101 27000')).toMatchObject({
      hostids: ['#439041101'],
      port: 27000,
    });
    expect(attributesOf('HOSTID="#1 #2"').hostids).toEqual(['#1', '#2']);
  });
});

describe('characters', () => {
  test.each([
    ['a non-breaking space', '\u00a0'],
    ['a space of another width', '\u2003'],
    ['a space of no width', '\u200b'],
  ])('%s is a letter, and makes the line unusable', (_what, blank) => {
    const text = `FEATURE f v${blank} 1 permanent 1`;
    expect(licenseFindings(text)).toEqual(['error non-ascii-space 1:12 -2']);
    expect(licenseLine(text)).toMatchObject({ vendor: `v${blank}`, usable: false });
    expect(attributesOf(`NOTICE="a${blank}b"`).notice).toBe(`a${blank}b`);
  });

  test('a NUL is a letter like others', () => {
    expect(lineOf('server', 'SERVER a\0b 1')).toMatchObject({ host: 'a\0b' });
  });

  test('columns count as editors do, in UTF-16 units', () => {
    expect(licenseFindings('SERVER é𝄞 1 70000')).toEqual(['error bad-port 1:14 -2']);
  });
});

describe('bounds', () => {
  test('a line that is too long is not read, and its neighbors are', () => {
    const long = `VENDOR v ${'x'.repeat(limits.lineCharactersMax)}`;
    const text = `SERVER a 1\n${long}\nUSE_SERVER\n`;
    expect(kindsOf(text)).toEqual(['server', 'unknown', 'useServer']);
    expect(licenseFindings(text)).toEqual(['error line-too-long 2:1 -2']);
    expect(optionsFindings(`GROUP g ${'a '.repeat(limits.lineCharactersMax / 2)}`)).toEqual([
      'error line-too-long 1:1',
    ]);
  });

  test('a long line is one with its continuations', () => {
    const long = `GROUP g ${'\\\n ann'.repeat(limits.lineCharactersMax / 6)} \\\n ben\n`;
    expect(parseOptions(`${long}NOLOG IN\n`).lines).toMatchObject([
      { kind: 'unknown', firstWord: 'GROUP' },
      { kind: 'rule' },
    ]);
  });

  test('lines behind the last that is read are one', () => {
    const text = `${'\n'.repeat(limits.linesPerFileMax)}VENDOR v\n\nVENDOR w\n`;
    const { lines, findings } = parseLicense(text);
    expect(lines).toHaveLength(limits.linesPerFileMax + 1);
    expect(lines.at(-1)).toMatchObject({ kind: 'unknown', lineCount: 3, end: text.length });
    expect(findings).toMatchObject([{ rule: 'too-many-lines', line: limits.linesPerFileMax + 1 }]);
  });

  test('findings behind the last that is kept are one, an error if one of them is', () => {
    const count = limits.findingsPerFileMax + 5;
    const { findings } = parseLicense('nonsense\n'.repeat(count));
    expect(findings).toHaveLength(limits.findingsPerFileMax);
    expect(findings.at(-1)).toMatchObject({
      rule: 'too-many-findings',
      severity: 'warning',
      line: limits.findingsPerFileMax,
      message: 'expected at most 1000 findings, got 6 more from here on',
    });
    const worse = parseLicense(`${'nonsense\n'.repeat(count)}FEATURE f v 1 never 1`);
    expect(worse.findings.at(-1)).toMatchObject({ severity: 'error' });
    expect(worse.lines.at(-1)).toMatchObject({ usable: false });
  });

  test('words behind as many as are read are not read, be they words or members of lists', () => {
    const words = limits.lineCharactersMax / 2 - 100;
    const enough = Math.ceil(limits.wordsPerFileMax / words) + 1;
    for (const line of [
      `GROUP g ${'a '.repeat(words)}`,
      `PACKAGE p v COMPONENTS="${'a '.repeat(words)}"`,
    ]) {
      const text = `${line}\n`.repeat(enough + 3);
      const { lines, findings } = parseLicense(text);
      expect(lines).toHaveLength(enough);
      expect(lines.at(-1)).toMatchObject({ kind: 'unknown', lineCount: 4, end: text.length });
      expect(findings).toContainEqual(
        expect.objectContaining({ rule: 'too-many-words', severity: 'error', line: enough }),
      );
    }
  });

  test('findings on one line behind as many as are kept are one, an error if one of them is', () => {
    const stray = (count: number) => 'q '.repeat(count);
    const line = `FEATURE f v 1 permanent 1 SN=1 ${stray(limits.findingsPerLineMax + 3)}`;
    const { findings, lines } = parseLicense(`${line}\n${line} UPPER=1\n`);
    expect(findings).toHaveLength(2 * (limits.findingsPerLineMax + 1));
    const [first, second] = findings.filter(({ rule }) => rule === 'too-many-findings');
    expect(first).toMatchObject({
      severity: 'warning',
      line: 1,
      column: 32 + 2 * limits.findingsPerLineMax,
      message: 'expected at most 20 findings on one line, got 3 more from here on',
    });
    expect(second).toMatchObject({ severity: 'error', line: 2 });
    expect(lines).toMatchObject([{ usable: true }, { usable: false }]);
  });

  test('a message is no longer than anybody reads, however long the word it names', () => {
    const [finding] = parseLicense('n'.repeat(50_000)).findings;
    expect(finding?.message).toHaveLength(400);
  });

  test('as many findings as are kept are kept', () => {
    const { findings } = parseLicense('nonsense\n'.repeat(limits.findingsPerFileMax - 1));
    expect(findings).toHaveLength(limits.findingsPerFileMax - 1);
    expect(findings.at(-1)).toMatchObject({ rule: 'unknown-keyword' });
  });
});
