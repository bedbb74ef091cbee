import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KnownError } from '../../src/base/errors.ts';
import { addressText, parseLicensePath } from '../../src/client/license-path.ts';

function parse(text: string, platform: NodeJS.Platform = 'linux') {
  return parseLicensePath(text, { origin: '-c', platform });
}

/** `27000@a` for servers, `file /x` for files, as parsed. */
function shown(text: string, platform?: NodeJS.Platform): readonly string[] {
  return parse(text, platform).map((element) =>
    element.kind === 'file'
      ? `file ${element.path}`
      : element.addresses.map(({ host, ports }) => `${ports.join('/')} on ${host}`).join(' + '),
  );
}

const allPorts = '27000/27001/27002/27003/27004/27005/27006/27007/27008/27009';

describe('a license path', () => {
  test.each([
    ['27000@alpha', ['27000 on alpha']],
    ['@alpha', [`${allPorts} on alpha`]],
    ['27000@[::1]', ['27000 on ::1']],
    ['@[fe80::1%eth0]', [`${allPorts} on fe80::1%eth0`]],
    ['1@a:2@b', ['1 on a', '2 on b']],
    ['1@[::1]:2@b:/x.lic', ['1 on ::1', '2 on b', 'file /x.lic']],
    ['1@a,2@b,3@c', ['1 on a + 2 on b + 3 on c']],
    ['1@a, 2@b ,3@[::1]', ['1 on a + 2 on b + 3 on ::1']],
    ['1@a,2@b', ['1 on a + 2 on b']],
    ['/opt/lic/acme.lic:/opt/more', ['file /opt/lic/acme.lic', 'file /opt/more']],
    ['/opt/a,b.lic', ['file /opt/a,b.lic']],
    ['acme.lic', ['file acme.lic']],
    [':1@a::', ['1 on a']],
    [' 1@a : 2@b ', ['1 on a', '2 on b']],
    ['', []],
  ])('%j holds %j', (text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  test('is cut at semicolons on Windows, where a colon belongs to a drive', () => {
    expect(shown('C:\\flexlm\\a.lic;27000@alpha;@[::1]', 'win32')).toEqual([
      'file C:\\flexlm\\a.lic',
      '27000 on alpha',
      `${allPorts} on ::1`,
    ]);
  });

  test('says where each element stands', () => {
    const columns = parse('1@a: /x.lic:2@b').map(({ column, origin }) => [origin, column]);
    expect(columns).toEqual([
      ['-c', 1],
      ['-c', 6],
      ['-c', 13],
    ]);
  });
});

describe('a license path that means no server says what would', () => {
  test.each([
    ['@alpha:27000', /-c, column 1: expected port@host \(27000@alpha\), got @alpha:27000/],
    ['alpha:27000', /expected port@host \(27000@alpha\), got alpha:27000/],
    ['1@a:@beta:27001', /column 5: expected port@host \(27001@beta\)/],
    ['27000', /expected port@host \(27000@HOST\), got 27000/],
    ['27000@', /expected port@host, got 27000@/],
    ['x@alpha', /a port from 1 to 65535 before "@", got x@alpha/],
    ['0@alpha', /a port from 1 to 65535/],
    ['65536@alpha', /a port from 1 to 65535/],
    ['/opt/a@b.lic', /a file name without "@", got \/opt\/a@b\.lic/],
    ['1@a,2@b,3@c,4@d', /at most three hosts/],
    ['1@a,b', /expected port@host, got "b" in 1@a,b/],
    ['1@a b', /expected port@host/],
  ])('%j', (text, message) => {
    expect(() => parse(text)).toThrow(message);
    expect(() => parse(text)).toThrow(KnownError);
  });

  test('on Windows too', () => {
    expect(() => parse('@alpha:27000', 'win32')).toThrow(/port@host \(27000@alpha\)/);
    expect(() => parse('1@::1', 'win32')).toThrow(/in brackets \(1@\[::1\]\)/);
  });

  test('and has at most 1,000 elements', () => {
    expect(parse('1@a:'.repeat(1_000))).toHaveLength(1_000);
    expect(() => parse('1@a:'.repeat(1_001))).toThrow(/at most 1000 elements, got 1001/);
  });
});

test('any text is a path or a usage error', () => {
  const piece = fc.constantFrom('@', ':', ',', '[', ']', '27000', 'a', '/', '\\', ' ', ';', '::1');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.boolean(), (pieces, windows) => {
      try {
        for (const each of parse(pieces.join(''), windows ? 'win32' : 'linux')) {
          expect(each.text).not.toBe('');
        }
      } catch (error) {
        expect(error).toMatchObject({ code: 'USAGE' });
      }
    }),
  );
});

test('addresses are printed as they are written', () => {
  for (const text of ['27000@alpha', '@alpha', '27000@[::1]']) {
    const [element] = parse(text);
    expect(element?.kind === 'servers' && element.addresses.map(addressText)).toEqual([text]);
  }
});
