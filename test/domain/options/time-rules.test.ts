import { describe, expect, test } from 'vitest';
import type { PoolDefinition } from '../../../src/domain/license/pool-definition.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import { compileTimes, type TimePolicy } from '../../../src/domain/options/time-rules.ts';
import { makeFeatureLine, makePoolDefinition } from '../../make.ts';

const policy: TimePolicy = { lingerFloorSeconds: 0, timeoutFloorSeconds: 900 };

function timesOf(
  options: string,
  definitions: readonly PoolDefinition[] = [makePoolDefinition()],
  vendor: Partial<TimePolicy> = {},
) {
  const file = parseOptionsFile({ name: 'acmed.opt', text: options, encoding: 'utf-8' });
  return [...compileTimes(file, { definitions }, { ...policy, ...vendor }).values()];
}

function licensed(lingerSeconds: number): PoolDefinition {
  return makePoolDefinition({ lines: [makeFeatureLine({ attributes: { lingerSeconds } })] });
}

describe('what time does to a pool', () => {
  test('is nothing where neither options, license nor vendor say so', () => {
    expect(timesOf('')).toEqual([]);
    expect(timesOf('LINGER mesh 60\nTIMEOUT mesh 900')).toEqual([]);
  });

  test.each([
    ['the option', 'LINGER solver 100', 30, 20, 100],
    ['the license line', 'LINGER solver 30', 100, 20, 100],
    ["the vendor's minimum", 'LINGER solver 30', 20, 100, 100],
    ['the last of several options', 'LINGER solver 100\nLINGER solver 40', 30, 20, 40],
  ])('is a linger as long as %s, where that is longest', (_, options, line, floor, seconds) => {
    const [times] = timesOf(options, [licensed(line)], { lingerFloorSeconds: floor });
    expect(times).toEqual({ lingerMs: seconds * 1000, timeoutMs: undefined });
  });

  test.each([
    ['TIMEOUT solver 1200', 1200],
    ['TIMEOUT solver 60', 900],
    ['TIMEOUTALL 60', 900],
    ['TIMEOUTALL 1800', 1800],
    ['TIMEOUT solver 1200\nTIMEOUTALL 3600', 1200],
    ['TIMEOUT solver 1200\nTIMEOUT SOLVER 1500', 1500],
    ['TIMEOUT solver:VERSION=2.0 1200\nTIMEOUTALL 3600', 3600],
  ])('is by %s an idle time of %i seconds', (options, seconds) => {
    expect(timesOf(options)).toEqual([{ lingerMs: 0, timeoutMs: seconds * 1000 }]);
  });

  test('is no idle time where TIMEOUT is 0', () => {
    expect(timesOf('TIMEOUTALL 900\nTIMEOUT solver 0')).toEqual([]);
  });

  test('is bounded: lines that name millions of pools together are refused', () => {
    const components = Array.from({ length: 2_000 }, (_, index) => ({ name: `c${index}` }));
    const definitions = components.map(({ name }) => makePoolDefinition({ feature: name }));
    const text = 'LINGER kit 1\n'.repeat(1_001);
    const file = parseOptionsFile({ name: 'acmed.opt', text, encoding: 'utf-8' });
    const packages = [{ name: 'kit', components }] as never;
    expect(() => compileTimes(file, { definitions, packages }, policy)).toThrow(
      /^acmed\.opt:1001: expected lines that name at most 2000000 pools together/,
    );
  });
});
