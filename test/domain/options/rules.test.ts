import { describe, expect, test } from 'vitest';
import { limits } from '../../../src/base/limits.ts';
import { unloggedEvents } from '../../../src/domain/options/in-force.ts';
import type { RuleClient } from '../../../src/domain/options/names.ts';
import { parseOptionsFile } from '../../../src/domain/options/parse.ts';
import type { RuleSubject } from '../../../src/domain/options/pool-index.ts';
import {
  compileRules,
  isExcluded,
  isIncluded,
  type SeatRules,
} from '../../../src/domain/options/rules.ts';
import { makeClient, makeFeatureLine, makePoolDefinition } from '../../make.ts';

const solver = makePoolDefinition({ id: 'solver', count: 4 });

function compiled(text: string, subject: Partial<RuleSubject> = {}): SeatRules {
  const file = parseOptionsFile({ name: 'acmed.opt', text, encoding: 'utf-8' });
  return compileRules(file, { definitions: [solver], ...subject });
}

describe('whom a line is about', () => {
  const ann: RuleClient = makeClient({
    user: 'ann',
    host: 'ws1.acme.example',
    display: ':0',
    project: 'apollo',
    address: '::ffff:10.7.1.2',
  });

  test.each([
    ['USER ann', true],
    ['USER Ann', false],
    ['USER *', false],
    ['HOST ws1.acme.example', true],
    ['HOST ws1', false],
    ['HOST 10.7.1.2', true],
    ['HOST 10.7.*.*', true],
    ['HOST 10.7.1', false],
    ['DISPLAY :0', true],
    ['DISPLAY :1', false],
    ['INTERNET 10.*.1.2', true],
    ['INTERNET 010.007.001.002', true],
    ['INTERNET 10.7.1.3', false],
    ['INTERNET ws1.acme.example', false],
    ['PROJECT apollo', true],
    ['PROJECT Apollo', false],
    ['GROUP crew', true],
    ['GROUP Crew', false],
    ['GROUP lab', false],
    ['HOST_GROUP lab', true],
    ['HOSTGROUP nets', true],
    ['HOST_GROUP crew', false],
  ])('%s: %s', (who, is) => {
    const text = `GROUP crew ben\nGROUP crew ann\nHOST_GROUP lab ws1.acme.example\n
HOST_GROUP nets 10.9.*.* 10.7.1.*\nEXCLUDE solver ${who}\n`;
    expect(isExcluded(compiled(text).get('solver')!, ann)).toBe(is);
  });

  test.each([
    ['ws1', 'ws1.acme.example', true],
    ['ws1.acme.example', 'ws1', true],
    ['ws1.acme.example', 'ws1.other.example', false],
    ['WS1', 'ws1.acme.example', false],
    ['10.7.1.2', '10.9.9.9', false],
  ])('FQDN_MATCHING lenient: HOST %s and a client on %s: %s', (name, host, is) => {
    const text = `EXCLUDE solver HOST ${name}\nFQDN_MATCHING lenient\n`;
    expect(isExcluded(compiled(text).get('solver')!, { ...ann, host, address: '' })).toBe(is);
  });

  test('GROUPCASEINSENSITIVE is about members of groups only', () => {
    const rules = compiled(
      'GROUPCASEINSENSITIVE ON\nGROUP crew ANN\nINCLUDE solver GROUP crew\nINCLUDE solver USER Ben\n',
    ).get('solver')!;
    expect(isIncluded(rules, ann)).toBe(true);
    expect(isIncluded(rules, { ...ann, user: 'ben' })).toBe(false);
  });
});

describe('which pools a line is about', () => {
  test('a feature is found in any case, unless the vendor tells cases apart', () => {
    const text = 'EXCLUDE SOLVER USER ann\n';
    expect(compiled(text).size).toBe(1);
    expect(compiled(text, { caseSensitive: true }).size).toBe(0);
  });

  test('pools that no line names have no rules', () => {
    expect(compiled('EXCLUDE mesh USER ann\nTIMEOUT solver 900\nLINGER solver 60\n').size).toBe(0);
  });

  test('lines about every feature give all pools rules', () => {
    const mesh = makePoolDefinition({ id: 'mesh', feature: 'mesh' });
    const rules = compiled('EXCLUDEALL USER ann\nMAX 1 mesh USER ALL_USERS\n', {
      definitions: [solver, mesh],
    });
    for (const each of rules.values()) expect(isExcluded(each, makeClient())).toBe(true);
    expect([...rules].map(([id, { limits: max }]) => [id, max.length])).toEqual([
      ['mesh', 1],
      ['solver', 0],
    ]);
  });

  test('a selector that no license line has picks nothing', () => {
    expect(compiled('EXCLUDE solver:FID=7 USER ann\nEXCLUDE solver:ODD=1 USER ann\n').size).toBe(0);
  });

  test('a reservation without a selector goes to the next pool of the feature', () => {
    const second = makePoolDefinition({ id: 'second', version: '2.0', count: 2 });
    const rules = compiled('RESERVE 5 solver USER ann\nRESERVE 9 solver USER ben\n', {
      definitions: [solver, second],
    });
    const held = [...rules].map(([id, { reservations }]) => [
      id,
      reservations.map(({ count, client }) => `${count} ${client.name}`),
    ]);
    expect(held).toEqual([
      ['solver', ['4 ann']],
      ['second', ['1 ann', '1 ben']],
    ]);
  });
});

test('NOLOG names events, once or more', () => {
  const text = 'NOLOG IN\nNOLOG DENIED\nNOLOG IN\n';
  const file = parseOptionsFile({ name: 'acmed.opt', text, encoding: 'utf-8' });
  expect([...unloggedEvents(file)]).toEqual(['IN', 'DENIED']);
  expect(unloggedEvents(undefined).size).toBe(0);
});

describe('hostile options files', () => {
  const packages = [
    {
      kind: 'package' as const,
      name: 'kit',
      vendor: 'acmed',
      components: Array.from({ length: 2_000 }, (_, index) => ({ name: `f${index}` })),
      suite: 'none' as const,
      attributes: {},
      at: { line: 1, column: 1 },
      usable: true,
      ...{ start: 0, end: 0, line: 1, lineCount: 1 },
    },
  ];
  const definitions = packages[0]!.components.map(({ name }) =>
    makePoolDefinition({ id: name, feature: name, lines: [makeFeatureLine({ name })] }),
  );

  test('lines that name more pools than a daemon keeps are refused, not gathered', () => {
    const lines = limits.optionPairsMax / definitions.length;
    const text = 'EXCLUDE kit USER ann\n'.repeat(lines);
    expect(compiled(text, { definitions, packages }).size).toBe(definitions.length);
    expect(() => compiled(`${text}EXCLUDE f0 USER ann\n`, { definitions, packages })).toThrow(
      /^acmed\.opt:1001: expected lines that name at most 2000000 pools together/,
    );
  });

  test('a group of 100,000 members named by 1,000 lines is kept once, and looked up', () => {
    const members = Array.from({ length: 100_000 }, (_, index) => `u${index}`);
    const groups = Array.from(
      { length: 100 },
      (_, index) => `GROUP crew ${members.slice(index * 1_000, (index + 1) * 1_000).join(' ')}\n`,
    );
    const text = `${groups.join('')}${'INCLUDE solver GROUP crew\n'.repeat(1_000)}`;
    const rules = compiled(text).get('solver')!;
    expect(new Set(rules.included.map(({ matches }) => matches)).size).toBe(1);
    expect(isIncluded(rules, makeClient({ user: 'u99999' }))).toBe(true);
    expect(isIncluded(rules, makeClient({ user: 'u100000' }))).toBe(false);
  });
});
