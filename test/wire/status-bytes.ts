import { Outbox } from '../../src/wire/outbox.ts';
import { Reader } from '../../src/wire/reader.ts';
import {
  readStatusRecord,
  type StatusRecord,
  writeStatusRecord,
} from '../../src/wire/status-records.ts';

/** The bytes of one status record, as they stand on a page. */
export function encodeStatusRecord(value: StatusRecord): Buffer {
  const out = new Outbox();
  writeStatusRecord(out, value);
  return out.take();
}

/**
 * The records of a page, in order; unknown kinds are skipped.
 * @throws KnownError WIRE_LAYOUT when a record ends early.
 */
export function decodeStatusRecords(bytes: Buffer): StatusRecord[] {
  const records: StatusRecord[] = [];
  const reader = new Reader('statusPage', bytes, 0, bytes.length);
  while (reader.left > 0) {
    const { at } = reader;
    reader.skip(1);
    reader.skip(reader.u16());
    const record = readStatusRecord(bytes, at, reader.at);
    if (record) records.push(record);
  }
  return records;
}
