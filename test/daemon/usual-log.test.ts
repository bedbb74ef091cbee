import { expect, test } from 'vitest';
import { serverLog } from '../../src/cli/flag-values.ts';
import { usualLogPath, withUsualLog } from '../../src/daemon/usual-log.ts';
import { readCatalogOf } from '../../src/daemon/vendor-factory.ts';

test('the first vendor with a usual log on the platform decides', () => {
  expect(usualLogPath(['acmed', 'intel', 'MLM'], 'linux')).toMatch(/^\/opt\/intel\//);
  expect(usualLogPath(['acmed', 'INTEL', 'MLM'], 'darwin')).toBe('/var/tmp/lm_TMW.log');
});

test.each([
  ['linux', 'a vendor daemon with a usual log (INTEL or MLM), got acmed, betad'],
  ['win32', 'a vendor daemon with a usual log (INTEL), got acmed, betad'],
  ['aix', 'a platform with usual logs, got aix'],
] as const)('of other vendors none is known on %s, which is told', (platform, told) => {
  expect(() => usualLogPath(['acmed', 'betad'], platform)).toThrow(
    `--log default: expected ${told}`,
  );
});

test('default means the usual place, and ./default a file', () => {
  expect(serverLog('default')).toEqual({ usual: true, append: false });
  expect(serverLog('+default')).toEqual({ usual: true, append: true });
  expect(serverLog('./default')).toEqual({ path: './default', append: false });
  expect(serverLog('-')).toEqual({ append: true });
});

test('a server is given the path, and whether to append', () => {
  const text = 'SERVER this_host ANY\nVENDOR INTEL\nINCREMENT a INTEL 1.0 permanent 1 SIGN=0\n';
  const config = {
    licenses: [{ name: 'intel.lic', text }],
    log: { usual: true, append: true } as const,
  };
  const catalog = readCatalogOf(config, 0);
  expect(withUsualLog(config, catalog, 'linux').log).toEqual({
    path: '/opt/intel/serverflexlm/iflexlm.log',
    append: true,
  });
  const other = { ...config, log: { path: 'a.log' } };
  expect(withUsualLog(other, catalog, 'linux')).toBe(other);
});
