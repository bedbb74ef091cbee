import { describe, expect, test } from 'vitest';
import {
  announcedVersion,
  offeredVersion,
  ownMark,
  ownSuffix,
} from '../../src/wire/announcement.ts';
import { crc14 } from '../../src/wire/checksum.ts';
import type { Field, Layout } from '../../src/wire/fields.ts';
import type { Message } from '../../src/wire/message.ts';
import { type MessageKind, messages } from '../../src/wire/messages/index.ts';
import { Outbox } from '../../src/wire/outbox.ts';
import { nextPhase, phaseTables } from '../../src/wire/phases.ts';
import { type StatusKind, statusLayouts } from '../../src/wire/status-records.ts';
import { crc } from './by-hand.ts';
import { examples, recordBytes } from './examples.ts';
import { docCrcSteps, docExamples, sectionOf, tableOf } from './protocol-doc.ts';
import { decodeStatusRecords, encodeStatusRecord } from './status-bytes.ts';

const kinds = Object.keys(messages) as MessageKind[];
const messageOf = (kind: string): Message<string, Layout> =>
  messages[kind as MessageKind] as unknown as Message<string, Layout>;

test('every message has one worked example, and every example a message', () => {
  expect(
    docExamples()
      .map(({ kind }) => kind)
      .sort(),
  ).toEqual([...kinds].sort());
});

describe.each(docExamples())('the worked example of $kind', ({ kind, time, value, bytes }) => {
  test('decodes to the value beside it', () => {
    expect(messageOf(kind).decode(bytes, 0, bytes.length)).toEqual(value);
  });

  test('is what encoding that value gives', () => {
    const out = new Outbox();
    messageOf(kind).write(out, value as never, time);
    expect(out.take().toString('hex')).toBe(bytes.toString('hex'));
  });

  test('is what following the page by hand gives', () => {
    const byHand = examples[kind as MessageKind];
    expect(byHand.bytes.toString('hex')).toBe(bytes.toString('hex'));
    expect(byHand.value).toEqual(value);
  });
});

/** How many bytes a field takes, as the page writes it; NaN behind which offsets are unknown. */
function sizeOf(notation: string): string {
  const sizes: Record<string, string> = {
    ...{ u8: '1', u16: '2', u32: '4', i32: '4' },
    ...{ zeroText: 'n+1', text16: '2+n', rest: 'n' },
  };
  if (notation.startsWith('list16 of')) return '2+n';
  if (notation.startsWith('later list16 of')) return '0, 2+n';
  const fixed = /^(?:text|bytes)\[(\d+)\]$/.exec(notation)?.[1];
  return sizes[notation] ?? fixed ?? `${notation.split(' ').length}`;
}

/** The offset, size, field and kind columns that a layout calls for. */
function rowsOf(layout: Layout, start: number, prefix = ''): string[][] {
  let at = start;
  return Object.entries(layout).flatMap(([name, field]: [string, Field<unknown>]) => {
    const size = sizeOf(field.notation);
    const offset = Number.isNaN(at) ? '…' : `${at}`;
    at += Number(size);
    const row = [offset, size, `\`${prefix}${name}\``, `\`${field.notation}\``];
    return [row, ...(field.parts ? rowsOf(field.parts, Number.NaN, `${prefix}${name}.`) : [])];
  });
}

describe.each(kinds)('the byte table of %s', (kind) => {
  const message = messageOf(kind);
  const isFrame = message.generation === 'frame';

  test('names type, direction and every field in its place', () => {
    const code = message.typeCode.toString(16).padStart(isFrame ? 4 : 2, '0');
    const generation = isFrame ? `frame 0x${code}` : `147-byte message 0x${code}`;
    const section = sectionOf(`### \`${kind}\`,`);
    expect(section.split('\n')[0]).toBe(`### \`${kind}\`, ${generation}, ${message.direction}`);
    const rows = tableOf(section, 'offset').map((row) => row.slice(0, 4));
    expect(rows).toEqual(rowsOf(message.layout, isFrame ? 20 : 2));
  });
});

describe.each(Object.keys(statusLayouts) as StatusKind[])('the status record %s', (kind) => {
  const { code, layout } = statusLayouts[kind];

  test('has its table', () => {
    const section = sectionOf(`#### \`${kind}\`, kind ${code}`);
    const rows = tableOf(section, 'offset').map((row) => row.slice(0, 4));
    expect(rows).toEqual(rowsOf(layout, 3));
  });

  test('reads and writes as the page says', () => {
    const bytes = Buffer.from(recordBytes[kind]);
    const [record, ...others] = decodeStatusRecords(bytes);
    expect(others).toEqual([]);
    expect(record?.kind).toBe(kind);
    expect(encodeStatusRecord(record!).equals(bytes)).toBe(true);
  });
});

test('the phases are those of the table "Order", and a single port takes what either takes', () => {
  const documented = tableOf(sectionOf('## Order'), 'request');
  const cell = (phase: string | undefined): string => phase ?? '-';
  const known = new Set([...Object.keys(phaseTables.manager), ...Object.keys(phaseTables.daemon)]);
  expect(documented.map(([kind]) => kind?.replaceAll('`', '')).sort()).toEqual([...known].sort());
  for (const [name = '', ...cells] of documented) {
    const kind = name.replaceAll('`', '') as MessageKind;
    const phases = (['manager', 'daemon'] as const).flatMap((role) => [
      cell(nextPhase(role, 'fresh', kind)),
      cell(nextPhase(role, 'greeted', kind)),
    ]);
    expect(phases, kind).toEqual(cells);
    expect(cell(nextPhase('single', 'fresh', kind))).toBe(kind === 'hello' ? 'greeted' : '-');
    expect(nextPhase('single', 'greeted', kind)).toBe('greeted');
  }
});

test('what a server says has no place on its own side', () => {
  const answers = kinds.filter((kind) => messages[kind].direction.endsWith('to client'));
  expect(answers.length).toBeGreaterThan(10);
  for (const kind of answers) expect(nextPhase('single', 'greeted', kind), kind).toBeUndefined();
});

test('the worked CRC is right at every line, by hand and by table', () => {
  let bytes: number[] = [];
  for (const step of docCrcSteps()) {
    bytes = [...bytes, ...step.bytes];
    expect(crc(bytes)).toBe(step.crc);
    expect(crc14(Buffer.from(bytes), 0, bytes.length)).toBe(step.crc);
  }
  const worked = examples.serverRequest.bytes;
  expect(bytes).toEqual([...worked.subarray(4)]);
  const start = /starts\s+with ([0-9a-f ]+)\./.exec(sectionOf('### The frame'))?.[1];
  expect(start?.replaceAll(' ', '')).toBe(worked.toString('hex', 0, 4));
});

test('the announcement and its answer are the bytes the page names', () => {
  const { mark } = examples.hello.value;
  const { suffix } = examples.greeting.value;
  expect(Buffer.from(ownMark).toString('hex').match(/../g)?.join(' ')).toBe(
    /so ((?:[0-9a-f]{2} )+)01, filled/.exec(sectionOf('## Announcement'))?.[1] + '01',
  );
  expect([...mark.subarray(0, ownMark.length)]).toEqual([...ownMark]);
  expect(suffix).toBe(ownSuffix);
  expect(announcedVersion(mark)).toBe(1);
  expect(offeredVersion(suffix)).toBe(1);
});

test('other marks and suffixes announce nothing', () => {
  expect(announcedVersion(Buffer.from('T'.padEnd(13, '\0')))).toBe(0);
  expect(announcedVersion(Buffer.from('T\0fauxlm'.padEnd(13, '\0')))).toBe(0);
  expect(announcedVersion(Buffer.from([0x84]))).toBe(0);
  expect(offeredVersion(0)).toBe(0);
  expect(offeredVersion(0x1201)).toBe(0);
});
