import { z } from 'zod';

export const time = z.iso.datetime().describe('on the clock of the server, in UTC');
const day = z.string().nullable().describe('as 2030-01-31, its last day; null: it does not expire');
const seats = z.number().describe('seats');

/** Bars of a feature: used + reserved + free = capacity, unless more are out than there are. */
const counts = {
  capacity: seats.describe('seats there are, overdraft included; 0 of an uncounted one'),
  overdraft: seats.describe('how many of them are overdraft'),
  used: seats.describe('seats out'),
  reserved: seats.describe('seats reserved that nobody uses'),
  free: seats.describe('seats that somebody may have'),
};

export const featureRow = z.strictObject({
  vendor: z.string(),
  feature: z.string(),
  counted: z.boolean(),
  ...counts,
  queued: z.int().describe('requests that wait'),
  borrowed: seats.describe('of those out, borrowed'),
  lingering: seats.describe('of those out, left by their clients and not back yet'),
  expires: day,
  expiresInDays: z.int().nullable().describe('whole days left; negative when it is over'),
  pools: z.int(),
});

export const poolRow = z.strictObject({
  vendor: z.string(),
  pool: z.string(),
  feature: z.string(),
  version: z.string(),
  counted: z.boolean(),
  phase: z.string().describe('whether it is valid now, not yet or no longer'),
  ...counts,
  queued: z.int(),
  expires: day,
  dupGroup: z.string(),
  hostids: z.array(z.string()),
  vendorString: z.string().nullable(),
  serialNumber: z.string().nullable(),
  package: z.string().nullable(),
});

export const userRow = z.strictObject({
  vendor: z.string(),
  feature: z.string(),
  pool: z.string(),
  user: z.string(),
  host: z.string(),
  display: z.string(),
  project: z.string(),
  address: z.string(),
  pid: z.int(),
  handle: z.int().describe('as lmremove -h takes it'),
  count: z.int(),
  version: z.string(),
  since: time,
  shared: z.boolean().describe('it uses seats of another checkout of its group'),
  stay: z.enum(['borrow', 'linger']).nullable().describe('why it is out without its client'),
  until: time.nullable().describe('when it comes back by itself'),
});

export const queueRow = z.strictObject({
  vendor: z.string(),
  feature: z.string(),
  pool: z.string(),
  place: z.int().describe('1 is next'),
  user: z.string(),
  host: z.string(),
  display: z.string(),
  handle: z.int(),
  count: z.int(),
  version: z.string(),
  since: time,
});

export const reservationRow = z.strictObject({
  vendor: z.string(),
  feature: z.string(),
  pool: z.string(),
  type: z.string().describe('USER, HOST, GROUP ...'),
  name: z.string(),
  count: z.int().describe('seats that nobody uses'),
});

export type FeatureRow = z.infer<typeof featureRow>;
export type PoolRow = z.infer<typeof poolRow>;
export type UserRow = z.infer<typeof userRow>;
export type QueueRow = z.infer<typeof queueRow>;
export type ReservationRow = z.infer<typeof reservationRow>;
