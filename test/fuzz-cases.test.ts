import { expect, test, vi } from 'vitest';

test('a fuzz test has as many cases as it is told, and none once its time is over', async () => {
  vi.stubEnv('FAUXLM_FUZZ', '5');
  vi.stubEnv('FAUXLM_FUZZ_SECONDS', '2');
  vi.resetModules();
  const { caseTotalOf, FuzzCases } = await import('./fuzz-cases.ts');
  expect([...new FuzzCases(caseTotalOf(3))]).toEqual([0, 1, 2, 3, 4]);

  const now = vi.spyOn(performance, 'now').mockReturnValue(1_000);
  const said = vi.spyOn(console, 'log').mockImplementation(() => {});
  const cases = new FuzzCases(caseTotalOf(3));
  const seen: number[] = [];
  for (const at of cases) {
    seen.push(at);
    if (at === 1) now.mockReturnValue(3_000);
  }
  expect(seen).toEqual([0, 1]);
  expect(cases.done).toBe(2);
  expect(said).toHaveBeenCalledWith('2 of 5: the time was over');
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
