import type { MessageValue } from '../../src/wire/message.ts';
import type { MessageKind, messages } from '../../src/wire/messages/index.ts';
import {
  frame,
  i32,
  legacy,
  list16,
  nuls,
  padded,
  text16,
  u8,
  u16,
  u32,
  utf8,
  zero,
} from './by-hand.ts';

type Messages = typeof messages;
type ValueOf<K extends MessageKind> = MessageValue<Messages[K]>;

/** A message as value and as bytes; the bytes are put together by hand. `time` is in the frame's header. */
export interface Example<K extends MessageKind = MessageKind> {
  readonly value: ValueOf<K>;
  readonly time?: number;
  readonly bytes: Buffer;
}

const time = 1_767_225_600;
const constant = { lead: undefined } as const;
const bytes = (list: readonly number[]): Buffer => Buffer.from(list);
const own = (type: number, tag: number, ...fields: (readonly number[])[]): Buffer =>
  frame(type, [...u8(1), ...u32(tag), ...fields.flat()]);
const head = (tag: number) => ({ ownVersion: 1, tag }) as const;

const mark = padded([...zero('T'), ...utf8('fauxlm'), 1], 13);
const setStrings = [
  ...['1', 'A1B2C3D4E5F60718293A', 'solver', '1-jan-2026', '31-dec-2026', '1', 'none'],
  'INCREMENT solver acmed 2026.0 31-dec-2026 3 SIGN=A1B2C3D4E5F60718293A',
].flatMap(zero);
const statusRecord = (code: number, ...fields: (readonly number[])[]): readonly number[] => [
  ...u8(code),
  ...u16(fields.flat().length),
  ...fields.flat(),
];

/** The records of the statusPage example: a feature, its pool, a user, a reservation, a waiting user. */
export const recordBytes = {
  feature: statusRecord(1, text16('solver'), u8(0), u32(3), u32(2), u32(1)),
  pool: statusRecord(
    2,
    ...['solver', '2026.0', 'acmed', '31-dec-2026', ''].map(text16),
    u8(0),
    text16(''),
    u32(3),
    u32(2),
  ),
  user: statusRecord(
    3,
    ...['ada', 'ws1', '/dev/pts/4', '', '2026.0', ''].map(text16),
    ...[101, time, 2, 4711, 0, 0].map(u32),
    u8(0),
  ),
  reservation: statusRecord(4, u32(1), text16('GROUP'), text16('crash-team')),
  queued: statusRecord(5, ...['bob', 'ws2', ':0', '2026.0'].map(text16), u32(102), u32(1)),
  daemon: statusRecord(6, text16('comsol')),
} as const;

/** Most daemons say nothing of themselves. */
const pageBytes: readonly number[] = Object.entries(recordBytes).flatMap(([kind, record]) =>
  kind === 'daemon' ? [] : record,
);

/** One example of every message; docs/protocol.md shows the same ones. */
export const examples: { readonly [K in MessageKind]: Example<K> } = {
  hello: {
    value: {
      lead: undefined,
      user: 'ada',
      host: 'ws1',
      vendor: 'acmed',
      display: '/dev/pts/4',
      mark: bytes(mark),
      pid: '4711',
      platform: 'x64_lsb',
      versionMajor: 11,
      versionMinor: 18,
      trail: undefined,
    },
    bytes: legacy(0x68, [
      ...utf8('13'),
      ...padded(utf8('ada'), 21),
      ...padded(utf8('ws1'), 33),
      ...padded(utf8('acmed'), 11),
      ...padded(utf8('/dev/pts/4'), 33),
      ...mark,
      ...padded(utf8('4711'), 11),
      ...padded(utf8('x64_lsb'), 13),
      ...[11, 18],
      ...zero('78'),
      ...zero('14'),
    ]),
  },
  legacyRedirect: {
    value: { host: 'lic1', port: '27010' },
    bytes: legacy(0x4c, [...padded(utf8('lic1'), 33), ...padded(utf8('27010'), 16)]),
  },
  legacyFeaturesRequest: { value: constant, bytes: legacy(0x3d, utf8('l1')) },
  legacyStatusRequest: {
    value: { feature: 'solver', sign: 'A1B2C3D4E5F60718293A', lead: undefined },
    bytes: legacy(0x6c, [
      ...padded(utf8('solver'), 31),
      ...padded(utf8('A1B2C3D4E5F60718293A'), 21),
      ...utf8('1'),
    ]),
  },
  legacyText: {
    value: { remaining: '15', text: bytes(padded(utf8('solver post_ui'), 134)) },
    bytes: legacy(0x4c, [...padded(utf8('15'), 11), ...padded(utf8('solver post_ui'), 134)]),
  },
  legacyStatus: {
    value: { used: '0', total: '3', time: `${time}` },
    bytes: legacy(0x4e, ['0', '3', `${time}`].flatMap(zero)),
  },
  legacyError: { value: { code: '-60' }, bytes: legacy(0x57, padded(utf8('-60'), 12)) },
  featureStatus: {
    value: { unknown: 0, used: '2', total: '3', time: `${time}` },
    time,
    bytes: frame(0x004e, [...u16(0), ...['2', '3', `${time}`].flatMap(zero)], time),
  },
  command: {
    value: {
      ...constant,
      user: 'ada',
      host: 'ws1',
      daemon: 'acmed',
      display: ':0',
      command: 'dlist',
    },
    time,
    bytes: frame(
      0x0108,
      [0x01, 0x04, ...['ada', 'ws1', 'acmed', ':0', 'dlist'].flatMap(zero)],
      time,
    ),
  },
  greeting: {
    value: { versionMajor: 11, versionMinor: 18, suffix: 0xfa01, host: 'lic1', daemon: 'acmed' },
    bytes: frame(0x010e, [11, 18, 0xfa, 0x01, ...zero('lic1'), ...zero('acmed')]),
  },
  redirect: {
    value: { host: 'lic1', port: 27010, trail: undefined },
    bytes: frame(0x0113, [...zero('lic1'), ...u32(27010), ...nuls(5), ...utf8('TD')]),
  },
  usage: {
    value: {
      ...{ user: 'ada', host: 'ws1', display: ':0', version: '2026.0' },
      ...{ mark: undefined, since: time, handleHigh: 0, handle: 101 },
    },
    time,
    bytes: frame(
      0x0114,
      [
        ...['ada', 'ws1', ':0', '2026.0'].flatMap(zero),
        ...[1, ...nuls(4)],
        ...[...u32(time), ...u32(0), ...u32(101)],
      ],
      time,
    ),
  },
  setsRequest: { value: constant, time, bytes: frame(0x0127, [1, 0, 0, 0, 0], time) },
  sets: {
    value: { strings: bytes(setStrings) },
    time,
    bytes: frame(0x0128, setStrings, time),
  },
  featuresRequest: {
    value: constant,
    time,
    bytes: frame(0x013b, [...zero('1'), ...zero('0')], time),
  },
  featureStatusRequest: {
    value: { feature: 'solver', others: bytes([...utf8('A1B2C3D4E5F60718293A'), ...nuls(4), 1]) },
    time,
    bytes: frame(0x013c, [...zero('solver'), ...utf8('A1B2C3D4E5F60718293A'), ...nuls(4), 1], time),
  },
  textAnswer: {
    value: { unknown: 0, textBytes: 13, text: bytes(zero('acmed otherd')) },
    time,
    bytes: frame(0x0146, [...u16(0), ...u16(13), ...zero('acmed otherd')], time),
  },
  failure: {
    value: {
      ...head(7),
      ...{ major: -4, minor: 132, sys: 0, sysText: '' },
      text: 'Licensed number of users already reached.',
    },
    bytes: own(
      0x7f00,
      7,
      ...[i32(-4), i32(132), i32(0), text16('')],
      text16('Licensed number of users already reached.'),
    ),
  },
  identify: {
    value: {
      ...head(1),
      ...{ user: 'ada', host: 'ws1', display: '/dev/pts/4', platform: 'x64_lsb', project: 'crash' },
      ...{ pid: 4711, clientTime: time, versionMajor: 11, versionMinor: 18 },
      hostids: ['0200A1B2C3D4'],
      traits: [
        { name: 'session', value: 'remote' },
        { name: 'node', value: '3' },
      ],
    },
    bytes: own(
      0x7f01,
      1,
      ...['ada', 'ws1', '/dev/pts/4', 'x64_lsb', 'crash'].map(text16),
      ...[u32(4711), u32(time), u8(11), u8(18)],
      list16(text16('0200A1B2C3D4')),
      list16([...text16('session'), ...text16('remote')], [...text16('node'), ...text16('3')]),
    ),
  },
  accepted: { value: head(1), bytes: own(0x7f02, 1) },
  checkout: {
    value: { ...head(7), flags: 0, count: 2, feature: 'solver', version: '2026.0', data: '' },
    bytes: own(0x7f03, 7, ...[u16(0), u32(2), text16('solver'), text16('2026.0'), text16('')]),
  },
  granted: {
    value: { ...head(7), handle: 101, poolVersion: '2026.0' },
    bytes: own(0x7f04, 7, u32(101), text16('2026.0')),
  },
  checkin: { value: { ...head(8), handle: 101 }, bytes: own(0x7f05, 8, u32(101)) },
  heartbeat: { value: { ...head(9), flags: 1 }, bytes: own(0x7f06, 9, u8(1)) },
  heartbeatAnswer: {
    value: { ...head(9), serverTime: time },
    bytes: own(0x7f07, 9, u32(time)),
  },
  queued: {
    value: { ...head(7), handle: 103, ahead: 2 },
    bytes: own(0x7f08, 7, u32(103), u32(2)),
  },
  leaveQueue: { value: { ...head(10), handle: 103 }, bytes: own(0x7f09, 10, u32(103)) },
  seatLost: {
    value: { ...head(0), handle: 101, reason: 2 },
    bytes: own(0x7f0a, 0, u32(101), u8(2)),
  },
  borrow: {
    value: {
      ...head(11),
      ...{ seconds: 0, end: '9-mar-2031:18:30', count: 1 },
      ...{ feature: 'solver', version: '2026.0', data: '' },
    },
    bytes: own(
      0x7f38,
      11,
      u32(0),
      text16('9-mar-2031:18:30'),
      u32(1),
      ...['solver', '2026.0', ''].map(text16),
    ),
  },
  borrowed: {
    value: {
      ...head(11),
      handle: 104,
      until: time + 3600,
      secondsLeft: 3600,
      poolVersion: '2026.0',
    },
    bytes: own(0x7f39, 11, u32(104), u32(time + 3600), u32(3600), text16('2026.0')),
  },
  returnBorrow: {
    value: { ...head(12), feature: 'solver' },
    bytes: own(0x7f3a, 12, text16('solver')),
  },
  serverRequest: { value: head(2), bytes: own(0x7f10, 2) },
  serverAnswer: {
    value: {
      ...head(2),
      ...{ host: 'lic1', port: 27000, version: '11.18.1', serverTime: time },
      licensePaths: ['/srv/licenses/acme.lic'],
      servers: [{ host: 'lic1', port: 27000, state: 2, version: '11.18.1' }],
      vendors: [{ name: 'acmed', state: 1, port: 27010, version: '11.18.1', pid: 812 }],
    },
    bytes: own(
      0x7f11,
      2,
      ...[text16('lic1'), u32(27000), text16('11.18.1'), u32(time)],
      list16(text16('/srv/licenses/acme.lic')),
      list16([...text16('lic1'), ...u32(27000), ...u8(2), ...text16('11.18.1')]),
      list16([
        ...[...text16('acmed'), ...u8(1), ...u32(27010)],
        ...[...text16('11.18.1'), ...u32(812)],
      ]),
    ),
  },
  statusRequest: {
    value: { ...head(3), page: 0, flags: 0, feature: '' },
    bytes: own(0x7f12, 3, u32(0), u8(0), text16('')),
  },
  statusPage: {
    value: { ...head(3), more: 0, records: bytes(pageBytes) },
    bytes: own(0x7f13, 3, u8(0), pageBytes),
  },
  adminRequest: {
    value: {
      ...{ ...head(4), verb: 'remove' },
      words: [
        { name: 'feature', value: 'solver' },
        { name: 'handle', value: '101' },
      ],
    },
    bytes: own(
      0x7f20,
      4,
      text16('remove'),
      list16([...text16('feature'), ...text16('solver')], [...text16('handle'), ...text16('101')]),
    ),
  },
  adminAnswer: {
    value: { ...head(4), lines: ['solver is back'] },
    bytes: own(0x7f21, 4, list16(text16('solver is back'))),
  },
  explain: {
    value: {
      ...{ ...head(8), flags: 0, count: 1, feature: 'solver', version: '2026.0', data: '' },
      as: [{ name: 'user', value: 'bob' }],
    },
    bytes: own(
      0x7f30,
      8,
      ...[u16(0), u32(1), text16('solver'), text16('2026.0'), text16('')],
      list16([...text16('user'), ...text16('bob')]),
    ),
  },
  explanation: {
    value: { ...head(8), more: 0, json: bytes(utf8('{"vendor":"acmed"}')) },
    bytes: own(0x7f31, 8, u8(0), utf8('{"vendor":"acmed"}')),
  },
  walk: {
    value: { ...head(7), lines: ['step 4: serial number N1 (a.lic:4)', 'step 5: valid'] },
    bytes: own(
      0x7f32,
      7,
      list16(text16('step 4: serial number N1 (a.lic:4)'), text16('step 5: valid')),
    ),
  },
  triadHello: {
    value: {
      ...head(1),
      host: 'two',
      port: 27_702,
      boot: 3_405_691_582,
      servers: [
        { host: 'one', port: 27_701 },
        { host: 'two', port: 27_702 },
        { host: 'three', port: 27_703 },
      ],
    },
    bytes: own(
      0x7f40,
      1,
      ...[text16('two'), u32(27_702), u32(3_405_691_582)],
      list16(
        [...text16('one'), ...u32(27_701)],
        [...text16('two'), ...u32(27_702)],
        [...text16('three'), ...u32(27_703)],
      ),
    ),
  },
  triadWord: {
    value: {
      ...head(0),
      ...{ boot: 3_405_691_582, toBoot: 195_935_983, number: 9, flags: 1, answers: 4, master: 0 },
    },
    bytes: own(0x7f41, 0, ...[u32(3_405_691_582), u32(195_935_983), u32(9), u8(1), u32(4), u8(0)]),
  },
};

/** The examples as a list, each with its kind. */
export const exampleList = Object.entries(examples).map(([kind, example]) => ({
  kind: kind as MessageKind,
  ...(example as Example),
}));
