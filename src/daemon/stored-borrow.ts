import type { RestoredBorrow } from '../domain/ledger/commands.ts';

/** What each field of a borrow, and of its client, has to be in a file that anybody may have changed. */
const borrowFields = {
  feature: 'string',
  pool: 'string',
  poolVersion: 'string',
  version: 'string',
  data: 'string',
  count: 'number',
  until: 'number',
  totalMs: 'number',
} as const;

const clientFields = {
  user: 'string',
  host: 'string',
  display: 'string',
  platform: 'string',
  project: 'string',
  address: 'string',
  pid: 'number',
} as const;

/** True for a borrow that can be taken as one. */
export function isStoredBorrow(value: unknown): value is RestoredBorrow {
  if (!hasFields(value, borrowFields)) return false;
  const { client, count } = value as { client?: unknown; count: number };
  if (!hasFields(client, clientFields)) return false;
  const { hostids } = client as { hostids?: unknown };
  const named = Array.isArray(hostids) && hostids.every((each) => typeof each === 'string');
  return named && Number.isInteger(count) && count >= 1 && count < 2 ** 31;
}

function hasFields(value: unknown, fields: Readonly<Record<string, 'string' | 'number'>>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Record<string, unknown>;
  return Object.entries(fields).every(
    ([name, type]) =>
      typeof record[name] === type && (type === 'string' || Number.isFinite(record[name])),
  );
}
