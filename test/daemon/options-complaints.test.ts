import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../../src/daemon/server.ts';
import { DebugLogReader } from '../../src/index.ts';

const license = (path: string) => `SERVER this_host ANY
VENDOR acmed OPTIONS=${path}
INCREMENT solve acmed 2.0 permanent 10 SIGN=00
`;

function setUp() {
  const folder = mkdtempSync(join(tmpdir(), 'fauxlm-options-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const at = (name: string) => join(folder, name);
  writeFileSync(at('acme.lic'), license(at('acmed.opt')));
  return { at, options: (text: string) => writeFileSync(at('acmed.opt'), text) };
}

/** What the daemon's log says of its options file, by start and rereads. */
function complaintsIn(text: string): string[][] {
  const lines = text.split('\n').map((line) => line.replace(/^[ \d]\d:\d\d:\d\d \(acmed\) /, ''));
  const blocks = lines
    .join('\n')
    .split(/^(?:Using|Rereading) options file.*$/m)
    .slice(1);
  return blocks.map((block) => block.split('\n').filter((line) => /options? file/.test(line)));
}

test('bad lines and those about trusted storage are told in the debug log, at start and reread, and the rest is in force', async () => {
  const { at, options } = setUp();
  options(
    'EXCLUD solve USER bo\nMAX x solve USER al\nACTIVATION_LOWWATER ent 3\nMAX 2 solve USER al\n',
  );
  const told: { what: string; message: unknown; level: string | undefined }[] = [];
  const log = at('debug.log');
  const server = await startServer({
    licenses: [at('acme.lic')],
    port: 0,
    log: { path: log },
    notice: (what, { message }, level) => void told.push({ what, message, level }),
  });
  const ofOptions = () => told.splice(0).filter(({ what }) => / line /.test(what));
  const first = [
    'fauxlm: error in options file, line 1: expected a keyword of the options file, got "EXCLUD"',
    'fauxlm: error in options file, line 2: MAX: expected COUNT, got "x"',
    'fauxlm: not emulated, in options file, line 3: expected rules about license files, got ACTIVATION_LOWWATER',
  ];
  const fault = 'license or options line at fault; see fauxlm lint';
  expect(ofOptions()).toEqual([
    { what: fault, message: 'expected a keyword of the options file, got "EXCLUD"' },
    { what: fault, message: 'MAX: expected COUNT, got "x"' },
    {
      what: 'options line about what is not emulated',
      message: 'expected rules about license files, got ACTIVATION_LOWWATER',
      level: 'info',
    },
  ]);

  // A reread tells all again in the debug log, and only what is new in the operational log.
  options('EXCLUD solve USER bo\nTIMEOUT solve soon\n');
  await server.reread();
  expect(ofOptions()).toEqual([{ what: fault, message: 'TIMEOUT: expected SECONDS, got "soon"' }]);
  unlinkSync(at('acmed.opt'));
  await server.reread();
  options('MAX 2 solve USER al\n');
  await server.reread();
  options('NONSENSE\n'.repeat(50));
  await server.reread();
  await server.stop();

  const text = readFileSync(log, 'utf8');
  const [started, again, missing, mended, many] = complaintsIn(text);
  expect(started).toEqual(first);
  expect(again).toEqual([
    first[0],
    'fauxlm: error in options file, line 2: TIMEOUT: expected SECONDS, got "soon"',
  ]);
  expect(missing).toEqual([`CANNOT OPEN options file ${at('acmed.opt')}`]);
  expect(mended).toEqual([]);
  expect(many).toHaveLength(21);
  expect(many!.at(-1)).toBe('fauxlm: error in options file: 30 more; see fauxlm lint');

  const reader = new DebugLogReader();
  const unknown = text.split('\n').filter((line) => reader.read(line).event.kind === 'unknown');
  expect(unknown).toEqual([]);
});
