import { describe, expect, test } from 'vitest';
import {
  lmdownTexts,
  renderDiagnoses,
  renderFileVersion,
  renderHostids,
  renderRemoveResult,
  renderRereadResult,
  renderServersStopped,
  renderShutdownFailed,
  renderStoppableServers,
} from '../../src/text/lmutil-verbs.ts';
import { expectGolden } from './golden.ts';

describe('lmhostid', () => {
  test('one id stands in quotes', () => {
    expect(renderHostids('lmutil', ['0200aabbccdd']).split('\n')[1]).toBe(
      'The FlexNet host ID of this machine is "0200aabbccdd"',
    );
  });

  test('several stand in quotes of their own, with the advice to use one', () => {
    expect(
      renderHostids('lmhostid', ['0200aabbccdd', '0200aabbccde']).split('\n').slice(1),
    ).toEqual([
      'The FlexNet host ID of this machine is ""0200aabbccdd 0200aabbccde""',
      'Only use ONE from the list of hostids.',
      '',
    ]);
  });

  test('-n prints the value alone, without banner', () => {
    expect(renderHostids('lmutil', ['HOSTNAME=alpha'], { bare: true })).toBe('HOSTNAME=alpha\n');
    expect(renderHostids('lmutil', ['a', 'b'], { bare: true })).toBe('"a b"\n');
  });
});

describe('lmdown', () => {
  test('lists the servers with their daemons in columns', () => {
    const servers = [
      { spec: '27000@alpha', vendors: ['acmed'] },
      { spec: '27001@a-host-with-a-long-name.example.test', vendors: ['acmed', 'betad'] },
    ];
    expectGolden('lmutil/lmdown/list.txt', renderStoppableServers('lmutil', servers));
  });

  test('asks on a line that the answer ends', () => {
    expect(lmdownTexts.confirm).toBe('Are you sure (y/n)?  ');
    expect(lmdownTexts.nothing).toBe('No server selected, exiting\n');
  });

  test('says how many it stopped, or why none', () => {
    expect(renderServersStopped(1)).toBe('    1 FlexNet License Server shut down\n');
    expect(renderServersStopped(2)).toBe('    2 FlexNet License Servers shut down\n');
    expect(renderShutdownFailed({ major: -119, minor: 161 })).toMatch(
      /^Shutdown failed: .+ \(-119,161\)\n$/,
    );
  });
});

test('lmreread says whether it worked', () => {
  expect(renderRereadResult('lmutil')).toMatch(/^lmutil - .*\nlmreread successful\n$/);
  expect(renderRereadResult('lmutil', { major: -63, minor: 1 })).toMatch(
    /\nlmreread failed: .+ \(-63,1\)\n$/,
  );
});

test('lmremove says only what went wrong, and the code ends the line', () => {
  expect(renderRemoveResult('lmutil')).toMatch(/^lmutil - [^\n]*\n$/);
  expect(renderRemoveResult('lmutil', { major: -64, minor: 200 })).toMatch(/\(-64,200\)\n$/);
});

test('lmver tells the release of a file, or that it names none', () => {
  const release = { version: '11.18.1.0', build: 1, platform: 'x64_lsb' };
  expect(renderFileVersion('lmutil', '/opt/acmed', release)).toMatch(
    /\n\/opt\/acmed: FlexNet Licensing v11\.18\.1\.0 build 1 x64_lsb\n$/,
  );
  expect(renderFileVersion('lmutil', 'x', undefined)).toMatch(/\nx: no FlexNet version found\n$/);
});

test('lmdiag tells of each line whether it can be checked out, and else why not', () => {
  const line = { version: '2030.0', vendor: 'acmed', server: 'alpha' };
  const text = renderDiagnoses('lmutil', [
    {
      ...{ ...line, name: 'solve', lock: { kind: 'floating' } },
      ...{ starts: '1-jan-2020', expires: '31-dec-2049' },
    },
    {
      ...{ ...line, name: 'mesh', lock: { kind: 'floating' }, expires: 'permanent' },
      failure: {
        ...{ refusal: { major: -4, minor: 342 }, feature: 'mesh', separator: ':' },
        licensePath: ['27000@alpha'],
      },
    },
    {
      ...{ name: 'free', version: '1.0', vendor: 'betad', expires: 'permanent' },
      lock: { kind: 'uncountedNodelocked', hostid: '0200aabbccdd' },
    },
  ]);
  expectGolden('lmutil/lmdiag/three-lines.txt', text);
  expect(text.match(/^This license can be checked out$/gm)).toHaveLength(2);
});
