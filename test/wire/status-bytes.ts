import { Outbox } from '../../src/wire/outbox.ts';
import { type StatusRecord, writeStatusRecord } from '../../src/wire/status-records.ts';

/** The bytes of one status record, as they stand on a page. */
export function encodeStatusRecord(value: StatusRecord): Buffer {
  const out = new Outbox();
  writeStatusRecord(out, value);
  return out.take();
}
