import { describe, expect, test } from 'vitest';
import { startLicenseServer } from '../../src/testing/license-server.ts';
import { DIALECT_NAMES } from '../../src/text/lmstat-dialect.ts';
import { records, type ScriptedManager, startOwn } from './license-server.ts';
import { banner, lines, lmutil } from './test-io.ts';

const { feature, pool, user } = records;

const acme: ScriptedManager = {
  vendors: {
    acmed: { pages: [[feature({ used: 1 }), pool({ used: 1 }), user({})]] },
  },
};

/** The `"solve" v2030.0` line of lmstat -a, with what stands before it. */
async function detailLine(
  manager: ScriptedManager,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const server = await startOwn(manager);
  const { out } = await lmutil([...args, '-a', '-c', server.address], { env });
  return /in use\)\n\n([^"]*"solve" .*)\n/.exec(out)?.[1] ?? out;
}

const old = '  "solve" v2030.0, vendor: acmed';
const usual = `${old}, expiry: 31-dec-2049`;
const at11p19 = '\n"solve" v2030.0, vendor: acmed, expiry: 31-dec-2049';

describe('the dialect a user asks for', () => {
  test('comes with --dialect, before the tool or behind it', async () => {
    expect(await detailLine(acme, ['lmstat'])).toBe(usual);
    expect(await detailLine(acme, ['--dialect', '9.2', 'lmstat'])).toBe(old);
    expect(await detailLine(acme, ['lmstat', '--dialect', '9.2'])).toBe(old);
    expect(await detailLine(acme, ['-dialect', 'comsol', 'lmstat'])).toBe(at11p19);
  });

  test('comes from FAUXLM_DIALECT when no flag says otherwise', async () => {
    const env = { FAUXLM_DIALECT: '9.2' };
    expect(await detailLine(acme, ['lmstat'], env)).toBe(old);
    expect(await detailLine(acme, ['--dialect', '11.19.6', 'lmstat'], env)).toBe(at11p19);
    expect(await detailLine(acme, ['lmstat'], { FAUXLM_DIALECT: '' })).toBe(usual);
    expect(await lmutil(['lmstat'], { env: { FAUXLM_DIALECT: 'new' } })).toEqual({
      ...{ status: 214, out: '' },
      err: `lmstat: FAUXLM_DIALECT: expected ${DIALECT_NAMES}, got new\n`,
    });
  });

  test('is the release that lmutil -v tells', async () => {
    const versions = [['9.2'], ['11.6', '11.6'], ['comsol', '11.19.6'], ['11.13+windows', '11.13']];
    for (const [name = '', release] of versions) {
      const { out } = await lmutil(['--dialect', name, '-v']);
      const line = release === undefined ? 'lmutil' : `lmutil v${release} build 1 x64_lsb`;
      expect(out).toBe(lines(banner, line));
    }
  });

  test('decides the exit status; --exit-status, before the tool or behind it, tells it anyway', async () => {
    const down = ['lmstat', '-c', '1@127.0.0.1'];
    expect((await lmutil(down)).status).toBe(241);
    expect((await lmutil(['--dialect', '9.2', ...down])).status).toBe(0);
    expect((await lmutil(['--exit-status', '--dialect', '8.4', ...down])).status).toBe(241);
    expect((await lmutil([...down, '--exit-status', '--dialect', '8.4'])).status).toBe(241);
    expect((await lmutil(['--dialect', '10.8', ...down])).status).toBe(241);
  });

  test('has its own words for a server that cannot be reached', async () => {
    const down = async (name: string): Promise<string | undefined> => {
      const { out } = await lmutil(['--dialect', name, 'lmstat', '-c', '1@127.0.0.1']);
      return /^Error getting status: (.*)$/m.exec(out)?.[1];
    };
    const now = 'Cannot connect to license server system. (-15,570:111 "Connection refused")';
    expect(await down('11.18.1')).toBe(now);
    expect(await down('9.2')).toBe(now.replace(' system.', ''));
    expect(await down('10.8+windows')).toBe(
      'Cannot connect to license server system. (-15,10:10061 "WinSock: Connection refused")',
    );
  });

  test('has the product name of its time', async () => {
    const name = async (dialect: string): Promise<string | undefined> => {
      const { out } = await lmutil(['--dialect', dialect, 'lmhostid']);
      return /^The (\S+) host ID/m.exec(out)?.[1];
    };
    expect([await name('9.2'), await name('11.6'), await name('11.18.1')]).toEqual([
      ...['FLEXlm', 'FLEXnet', 'FlexNet'],
    ]);
    const missing = ['lmstat', '-verbose', '-c', '/no/such.lic'];
    expect((await lmutil([...missing, '--dialect', '9.2'])).out).toContain('\nFLEXlm error:-1,359');
    expect((await lmutil(missing)).out).toContain('\nFlexNet Licensing error:-1,359');
  });
});

describe('the dialect a vendor daemon asks for', () => {
  const says = (dialect: string): ScriptedManager => {
    const [page = []] = acme.vendors['acmed']!.pages!;
    return { vendors: { acmed: { pages: [[{ kind: 'daemon', dialect }, ...page]] } } };
  };

  test('holds for that daemon, unless the user asks for another', async () => {
    expect(await detailLine(says('comsol'), ['lmstat'])).toBe(at11p19);
    expect(await detailLine(says('comsol'), ['lmstat', '--dialect', '9.2'])).toBe(old);
  });

  test('is passed over when nobody here knows it', async () => {
    expect(await detailLine(says('13.0-next'), ['lmstat'])).toBe(usual);
  });

  test('comes from the vendor policy of the server', async () => {
    const text = `SERVER this_host ANY
VENDOR LMCOMSOL
VENDOR cameo
INCREMENT COMSOL LMCOMSOL 6.3 permanent 2 SIGN=00
INCREMENT Tool cameo 2022.0 1-jan-2040 2 VENDOR_STRING="edition=10 Seats" SIGN=00
`;
    await using server = await startLicenseServer({ licenses: { name: 'two.lic', text } });
    const { connectClient } = await import('../../src/client/client.ts');
    const client = await connectClient({ server: server.address, user: 'ann' });
    for (const name of ['COMSOL', 'Tool']) expect((await client.checkout(name)).ok).toBe(true);
    const { out } = await lmutil(['lmstat', '-a', '-c', server.address]);
    client.close();
    expect(out).toMatch(/\n\n\n"COMSOL" v6\.3, vendor: LMCOMSOL, expiry: permanent\(.*\n {2}float/);
    expect(out).toMatch(/\n\n {2}"Tool" v2022\.0, .*\n {2}vendor_string: edition=10\\u0020Seats\n/);
    const missing = await lmutil(['lmstat', '-f', 'nosuch', '-c', server.address]);
    expect(missing.out).toContain('No such feature exists. (-5,222)');
  });
});
