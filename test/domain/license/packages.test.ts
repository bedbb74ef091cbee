import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseLicenseFile } from '../../../src/domain/license/parse.ts';
import type { PoolDefinition } from '../../../src/domain/license/pool-definition.ts';
import { type PoolPolicy, poolDefinitions } from '../../../src/domain/license/pools.ts';
import { vendorPolicy } from '../../../src/domain/vendors/index.ts';

const policy: PoolPolicy = {
  poolByVendorString: false,
  poolBySerialNumber: false,
  sort: 'lowerVersionFirst',
};

function definitionsOf(
  texts: readonly string[],
  changes: Partial<PoolPolicy> = {},
): readonly PoolDefinition[] {
  const files = texts.map((text, index) => {
    return parseLicenseFile({ name: `${index + 1}.lic`, text, encoding: 'utf-8' });
  });
  return poolDefinitions(files, 'v', { ...policy, ...changes });
}

/** `feature version counts`, and for a package's pool its part, such as `kit component`. */
function poolsOf(...texts: readonly string[]): readonly string[] {
  return definitionsOf(texts).map(({ feature, version, lines, package: role }) => {
    const counts = lines.map(({ count }) => count).join('+');
    return [feature, version, counts, ...(role ? [role.name, role.role] : [])].join(' ');
  });
}

const enabling = 'INCREMENT kit v 2.0 permanent 3';

describe('PACKAGE', () => {
  test('turns its enabling line into its components, counts multiplied, and is no feature itself', () => {
    const pack = 'PACKAGE kit v 2.0 COMPONENTS="a b:1.5 c:3.0:4"';
    expect(poolsOf(`${pack}\n${enabling}`)).toEqual([
      'a 2.0 3 kit component',
      'b 1.5 3 kit component',
      'c 3.0 12 kit component',
    ]);
  });

  test('may stand in another file of the list, before or after the line that enables it', () => {
    const pack = 'PACKAGE kit v 2.0 COMPONENTS=a';
    expect(poolsOf(pack, enabling)).toEqual(['a 2.0 3 kit component']);
    expect(poolsOf(enabling, pack)).toEqual(['a 2.0 3 kit component']);
  });

  test('with a version is enabled by lines of that version, however written; without one by any', () => {
    const others = 'INCREMENT kit v 2.00 permanent 1\nINCREMENT kit v 1.0 permanent 5';
    expect(poolsOf(`PACKAGE kit v 2.0 COMPONENTS=a\n${enabling}\n${others}`)).toEqual([
      'a 2.0 3+1 kit component',
      'kit 1.0 5',
    ]);
    expect(poolsOf(`PACKAGE kit v COMPONENTS=a\n${enabling}\n${others}`)).toEqual([
      'a 1.0 5 kit component',
      'a 2.0 3+1 kit component',
    ]);
  });

  test('of several that fit an enabling line the first counts', () => {
    const first = 'PACKAGE kit v COMPONENTS=a';
    const second = 'PACKAGE kit v 2.0 COMPONENTS=b';
    expect(poolsOf(`${first}\n${second}\n${enabling}`)).toEqual(['a 2.0 3 kit component']);
    expect(poolsOf(`${second}\n${first}\n${enabling}`)).toEqual(['b 2.0 3 kit component']);
  });

  test('without an enabling line gives nothing, and one of another vendor none either', () => {
    expect(poolsOf('PACKAGE kit v 2.0 COMPONENTS=a')).toEqual([]);
    expect(poolsOf('PACKAGE kit other 2.0 COMPONENTS=a', enabling)).toEqual(['kit 2.0 3']);
  });

  test('hands every attribute of the enabling line to its components', () => {
    const line = `${enabling} DUP_GROUP=UH OVERDRAFT=2 BORROW=48 SN=7 HOSTID=ID=1 USER_BASED`;
    const [pool] = definitionsOf([`PACKAGE kit v COMPONENTS=a:1.0:2\n${line}`]);
    expect(pool).toMatchObject({
      feature: 'a',
      dupGroup: { kind: 'fields', user: true, host: true },
      hostids: ['ID=1'],
      borrowHours: 48,
      serialNumber: '7',
      lines: [{ count: 6, attributes: { overdraft: 4, userBased: 0 } }],
    });
  });

  test('adds to seats of the same kind that are sold alone, and to those of another package', () => {
    const two = 'PACKAGE two v COMPONENTS=a\nFEATURE two v 2.0 permanent 1';
    const text = `PACKAGE kit v COMPONENTS=a\nFEATURE kit v 2.0 permanent 3\n${two}`;
    expect(poolsOf(`${text}\nINCREMENT a v 2.0 permanent 9`)).toEqual([
      'a 2.0 3+1+9 kit component',
    ]);
  });

  test('that is superseded gives way to the newer list of components', () => {
    const older = 'PACKAGE kit v COMPONENTS=a ISSUED=1-jan-2029';
    const newer = 'PACKAGE kit v COMPONENTS=b ISSUED=1-jan-2030 SUPERSEDE';
    expect(poolsOf(`${older}\n${newer}\n${enabling}`)).toEqual(['b 2.0 3 kit component']);
    const listing = 'PACKAGE new v COMPONENTS=b ISSUED=1-jan-2030 SUPERSEDE="kit old"';
    expect(poolsOf(`${older}\n${listing}\n${enabling}`)).toEqual(['kit 2.0 3']);
  });

  test('that cannot be understood leaves its enabling line to nobody', () => {
    expect(poolsOf(`PACKAGE kit v 2.0\n${enabling}`)).toEqual(['kit 2.0 3 kit bad']);
  });

  test('is refused when components and enabling lines are too many together', () => {
    const names = Array.from({ length: 9_000 }, (_, index) => `c${index}`).join(' ');
    const lines = `${enabling}\n`.repeat(30);
    expect(() => definitionsOf([`PACKAGE kit v COMPONENTS="${names}"\n${lines}`])).toThrow(
      /^1\.lic:29: expected packages whose components come to at most 250000 lines/,
    );
  });
});

describe('OPTIONS=SUITE', () => {
  const pack = 'PACKAGE kit v 2.0 COMPONENTS="a b:1.5" OPTIONS=SUITE';

  test('keeps the enabling line as the seats of the suite, to which its components point', () => {
    const [suite, a, b] = definitionsOf([`${pack}\n${enabling} DUP_GROUP=UHD SUITE_DUP_GROUP=UH`]);
    expect(suite).toMatchObject({
      feature: 'kit',
      package: { name: 'kit', role: 'suite' },
      dupGroup: { kind: 'fields', user: true, host: true, display: false },
      lines: [{ count: 3 }],
    });
    for (const component of [a, b]) {
      expect(component).toMatchObject({
        package: { name: 'kit', role: 'component', suite: suite!.id },
        dupGroup: { kind: 'fields', user: true, host: true, display: true },
        lines: [{ count: 3 }],
      });
    }
  });

  test('shares the seats of the suite as its components do where SUITE_DUP_GROUP is not given', () => {
    const [suite] = definitionsOf([`${pack}\n${enabling} DUP_GROUP=U`]);
    expect(suite!.dupGroup).toMatchObject({ kind: 'fields', user: true, host: false });
  });

  test('keeps components of one suite apart from the same sold otherwise, or by another line', () => {
    const alone = 'INCREMENT a v 2.0 permanent 9';
    const byHost = 'INCREMENT kit v 2.0 permanent 1 HOSTID=ID=1';
    expect(poolsOf(`${pack}\n${enabling}\n${byHost}\n${alone}`)).toEqual([
      'kit 2.0 3 kit suite',
      'kit 2.0 1 kit suite',
      'a 2.0 3 kit component',
      'a 2.0 1 kit component',
      'a 2.0 9',
      'b 1.5 3 kit component',
      'b 1.5 1 kit component',
    ]);
  });

  test('makes suites of their own of serial numbers, where the vendor does', () => {
    const numbers = `${enabling} SN=1\nINCREMENT kit v 2.0 permanent 1 SN=2`;
    const pools = definitionsOf([`${pack}\n${numbers}`], { poolBySerialNumber: true });
    expect(pools.map(({ feature, serialNumber }) => `${feature} ${serialNumber}`)).toEqual([
      'kit 1',
      'kit 2',
      'a 1',
      'a 2',
      'b 1',
      'b 2',
    ]);
    expect(pools[3]!.package!.suite).toBe(pools[1]!.id);
  });

  test('gives a component no count, and the suite is no component of itself', () => {
    expect(poolsOf(`PACKAGE kit v COMPONENTS="a:1.0:2" OPTIONS=SUITE\n${enabling}`)).toEqual([
      'kit 2.0 3 kit bad',
    ]);
    expect(poolsOf(`PACKAGE kit v COMPONENTS="KIT a a" OPTIONS=SUITE\n${enabling}`)).toEqual([
      'kit 2.0 3 kit suite',
      'a 2.0 3 kit component',
    ]);
  });

  test('SUITE_RESERVED is for one user where it does not say for whom', () => {
    const [suite, a] = definitionsOf([
      `PACKAGE kit v COMPONENTS=a OPTIONS=SUITE_RESERVED\n${enabling}`,
    ]);
    expect(suite).toMatchObject({
      package: { reserves: true },
      dupGroup: { kind: 'fields', user: true, host: false, display: false, vendor: false },
    });
    expect(a).toMatchObject({ package: { reserves: true }, dupGroup: { kind: 'none' } });
  });
});

describe('the license files of fixtures/licenses', () => {
  const names = readdirSync('fixtures/licenses').filter((name) => name.endsWith('.lic'));

  test.each(names)('%s makes pools of different ids, and every component has its suite', (name) => {
    const text = readFileSync(`fixtures/licenses/${name}`, 'latin1');
    const file = parseLicenseFile({ name, text, encoding: 'latin1' });
    const vendors = new Set(
      file.lines.flatMap((line) => (line.kind === 'feature' ? [line.vendor] : [])),
    );
    for (const vendor of vendors) {
      const pools = poolDefinitions([file], vendor, vendorPolicy(vendor));
      const ids = new Set(pools.map(({ id }) => id));
      expect(ids.size).toBe(pools.length);
      for (const pool of pools) {
        const { suite } = pool.package ?? {};
        if (suite !== undefined) expect(ids).toContain(suite);
        expect(pool.lines).toHaveLength(pool.places!.length);
      }
    }
  });

  test('autodesk.lic serves its suites by their components, all in one suite of 20', () => {
    const text = readFileSync('fixtures/licenses/autodesk.lic', 'utf8');
    const file = parseLicenseFile({ name: 'autodesk.lic', text, encoding: 'utf-8' });
    const pools = poolDefinitions([file], 'adskflex', vendorPolicy('adskflex'));
    const acad = pools.filter((pool) => pool.package?.name === '64468ACD_F');
    expect(acad.map(({ feature, lines }) => [feature, lines[0]!.count])).toEqual([
      ['64468ACD_F', 20],
      ['86738ACD_2030_0F', 20],
      ['87160ACD_2029_0F', 20],
      ['87169ACD_2028_0F', 20],
      ['85126ACD_2027_0F', 20],
    ]);
  });
});

describe('what else a pool shows', () => {
  test('where each of its lines stands', () => {
    const [pool] = definitionsOf([`# why\n${enabling}`, enabling]);
    expect(pool!.places).toEqual([
      { file: '1.lic', line: 2 },
      { file: '2.lic', line: 1 },
    ]);
  });

  test('how long a seat may be away: the longest BORROW of its lines', () => {
    const lines = ['BORROW=24', 'BORROW', ''].map((words) => `${enabling} ${words}`);
    expect(definitionsOf([lines.join('\n')])[0]!.borrowHours).toBe(168);
    expect(definitionsOf([enabling])[0]!.borrowHours).toBeUndefined();
  });

  test("how the vendor's lines share seats where they do not say so themselves", () => {
    const lines = `${enabling}\n${enabling} DUP_GROUP=NONE`;
    const pools = definitionsOf([lines], { seatSharing: 'UH', seatPerNode: ['x64_lsb'] });
    expect(pools.map(({ dupGroup, seatPerNode }) => [dupGroup.kind, seatPerNode])).toEqual([
      ['fields', ['x64_lsb']],
      ['none', ['x64_lsb']],
    ]);
  });
});

describe('UPGRADE', () => {
  test('looks back over lines of other files, and of any letter case', () => {
    const upgrade = 'UPGRADE KIT v 1.0 3.0 permanent 2 SN=8';
    expect(poolsOf(enabling, upgrade)).toEqual(['kit 2.0 1', 'KIT 3.0 2']);
    expect(poolsOf(upgrade, enabling)).toEqual(['kit 2.0 3']);
  });

  test('takes a line away of which it takes all, and has its own attributes', () => {
    const upgrade = 'UPGRADE kit v 2.0 3.0 permanent 9 DUP_GROUP=U';
    const [pool, ...others] = definitionsOf([`${enabling} SN=7\n${upgrade} SN=8`]);
    expect(others).toEqual([]);
    expect(pool).toMatchObject({ version: '3.0', serialNumber: '8', lines: [{ count: 3 }] });
    expect(pool!.places).toEqual([{ file: '1.lic', line: 2 }]);
  });

  test('upgrades the line that enables a package before the package is made of it', () => {
    const pack = 'PACKAGE kit v 3.0 COMPONENTS=a';
    const upgrade = 'UPGRADE kit v 2.0 3.0 permanent 1';
    expect(poolsOf(`${pack}\n${enabling}\n${upgrade}`)).toEqual([
      'kit 2.0 2',
      'a 3.0 1 kit component',
    ]);
  });

  test('does not look back over more than a thousand lines of its feature', () => {
    const far = `${enabling}\n${'INCREMENT kit v 9.0 permanent 1\n'.repeat(1_000)}`;
    const upgrade = 'UPGRADE kit v 2.0 3.0 permanent 1';
    expect(poolsOf(`${far}${upgrade}`).map((text) => text.slice(0, 7))).toEqual([
      'kit 2.0',
      'kit 9.0',
    ]);
  });
});
