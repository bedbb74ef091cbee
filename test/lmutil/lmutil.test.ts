import { expect, test } from 'vitest';
import { subcommands } from '../../src/lmutil/index.ts';
import { DIALECT_NAMES } from '../../src/text/lmstat-dialect.ts';
import { banner, lines, lmutil } from './test-io.ts';

test('bare lmutil prints its banner and its tools, and exits with 0', async () => {
  const { status, out, err } = await lmutil([]);
  expect(out.startsWith(`${banner}\nusage: lmutil tool`)).toBe(true);
  for (const name of Object.keys(subcommands)) expect(out).toContain(`\n  ${name} `);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect((await lmutil(['-help'])).out).toBe(out);
});

test('-v says which release: of lmutil, or of a tool', async () => {
  expect((await lmutil(['-v'])).out).toBe(lines(banner, 'lmutil v11.18.1 build 1 x64_lsb'));
  const tool = await lmutil(['lmstat', '-v']);
  expect(tool.out).toBe(lines(banner, 'lmstat v11.18.1 build 1 x64_lsb'));
  expect(tool.status).toBe(0);
  expect((await lmutil(['lmstat', '-v', '--dialect', '9.2'])).out).toBe(lines(banner, 'lmstat'));
});

const tools = Object.keys(subcommands).filter((name) => subcommands[name]?.load);

test.each(tools)('called by the name %s, it is that tool', async (name) => {
  for (const program of [`/opt/bin/${name}`, `C:\\flexlm\\${name}.EXE`, `/x/dist/${name}.cjs`]) {
    const { status, out } = await lmutil(['-v'], { program });
    expect(out).toBe(lines(banner.replace('lmutil', name), `${name} v11.18.1 build 1 x64_lsb`));
    expect(status).toBe(0);
  }
});

test.each(tools)('%s -help lists its flags and the common ones', async (name) => {
  const { status, out } = await lmutil([name, '-help']);
  expect(out).toMatch(new RegExp(`^usage: ${name} \\[flags\\]`, 'm'));
  expect(out).toMatch(/^ {2}-c path +license files, directories, port@host/m);
  expect(out.endsWith('\n')).toBe(true);
  expect(status).toBe(0);
});

test.each([
  [['lmfly'], 'lmfly: expected a tool (see lmutil -help), got lmfly\n'],
  [['lmstat', '-q'], 'lmstat: -q: expected a flag of this tool, got an unknown one\n'],
  [['lmstat', 'solve'], 'lmstat: solve: expected a flag, got an operand\n'],
  [['lmdown', '-q', 'acmed'], 'lmdown: acmed: expected a flag, got an operand\n'],
  [['lmreread', 'acmed'], 'lmreread: acmed: expected a flag, got an operand\n'],
  [['lmstat', '-t', 'soon'], 'lmstat: -t: expected a number of seconds, got soon\n'],
  [
    ['lmstat', '-c', 'alpha:27000'],
    'lmstat: -c, column 1: expected port@host (27000@alpha), got alpha:27000\n',
  ],
  [['lmstat', '--dialect', 'new'], `lmstat: --dialect: expected ${DIALECT_NAMES}, got new\n`],
  [['--dialect', 'new', 'lmver'], `lmver: --dialect: expected ${DIALECT_NAMES}, got new\n`],
  [['--dialect', 'lmstat'], `lmutil: --dialect: expected ${DIALECT_NAMES}, got lmstat\n`],
  [['--dialect'], 'lmutil: --dialect: expected name behind it, got nothing\n'],
  [['lmremove', 'solve'], 'lmremove: expected feature, user, user_host and display, got 1 words\n'],
  [
    ['lmremove', '-h', 'solve', 'alpha', 'x', '1'],
    'lmremove: port: expected a number from 1 to 65535, got x\n',
  ],
  [['lmdiag', 'a', 'b'], 'lmdiag: expected at most one feature, got 2\n'],
  [['lmdiag', 'a:b'], 'lmdiag: a:b: expected feature:keyword=value\n'],
  [['lmver'], 'lmver: expected one file, got 0\n'],
  [['lmhostid', '-user', '-long'], 'lmhostid: expected one kind of id, got -user and -long\n'],
])('wrong usage %j is a line on standard error, and exit status 214 of -42', async (args, err) => {
  expect(await lmutil(args)).toEqual({ status: 214, out: '', err });
});
