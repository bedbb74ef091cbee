import { describe, expect, test } from 'vitest';
import { vendorPolicies, vendorPolicy } from '../../../src/domain/vendors/index.ts';

describe('vendorPolicy', () => {
  test('a vendor is found in any letter case and keeps its own spelling', () => {
    expect(vendorPolicy('intel').name).toBe('INTEL');
    expect(vendorPolicy('ADSKFLEX').name).toBe('adskflex');
  });

  test('every known vendor is found under its own name, and no name comes twice', () => {
    for (const policy of vendorPolicies) expect(vendorPolicy(policy.name)).toBe(policy);
    const names = vendorPolicies.map(({ name }) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
  });

  test('an unknown vendor has its own license variable and debug variable, and no port', () => {
    expect(vendorPolicy('acmed')).toMatchObject({
      name: 'acmed',
      environmentVariables: ['ACMED_LICENSE_FILE'],
      debugVariable: 'ACMED_LMD_DEBUG',
      poolByVendorString: false,
      poolBySerialNumber: false,
      caseSensitive: false,
    });
    expect(vendorPolicy('acmed')).not.toHaveProperty('defaultPort');
  });

  test('INTEL listens on 28519, logs to INTEL_LMD_DEBUG and keeps serial numbers apart', () => {
    expect(vendorPolicy('INTEL')).toMatchObject({
      defaultPort: 28519,
      environmentVariables: ['INTEL_LICENSE_FILE'],
      debugVariable: 'INTEL_LMD_DEBUG',
      poolBySerialNumber: true,
      serialSharing: 'UH',
    });
  });

  test('whose serial numbers have seats of their own keeps serial numbers apart', () => {
    const sharing = vendorPolicies.filter(({ serialSharing }) => serialSharing !== undefined);
    expect(sharing.map(({ name }) => name)).toEqual(['INTEL']);
    for (const policy of sharing) expect(policy.poolBySerialNumber, policy.name).toBe(true);
  });

  test('usual debug logs: Intel’s on Linux and Windows, MathWorks’ on Unix', () => {
    const usual = vendorPolicies.flatMap(({ name, defaultLogPath = {} }) =>
      Object.entries(defaultLogPath).map(([platform, path]) => [name, platform, path]),
    );
    expect(usual).toEqual([
      ['INTEL', 'linux', '/opt/intel/serverflexlm/iflexlm.log'],
      ['INTEL', 'win32', expect.stringMatching(/^C:\\.*\\ServerFLEXlm\\Iflexlmlog\.txt$/)],
      ['MLM', 'linux', '/var/tmp/lm_TMW.log'],
      ['MLM', 'darwin', '/var/tmp/lm_TMW.log'],
    ]);
  });

  test('documented TIMEOUT floors: Autodesk 15 minutes, MathWorks 4 hours', () => {
    expect(vendorPolicy('adskflex').timeoutFloorSeconds).toBe(900);
    expect(vendorPolicy('MLM').timeoutFloorSeconds).toBe(14_400);
  });

  test('names that are properties of every object are vendors like any other', () => {
    expect(vendorPolicy('constructor').environmentVariables).toEqual(['CONSTRUCTOR_LICENSE_FILE']);
    expect(vendorPolicy('__proto__').name).toBe('__proto__');
  });
});
