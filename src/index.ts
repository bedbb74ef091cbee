/**
 * fauxlm as a library: a license server for your tests, a client for it, and the words both use.
 * @packageDocumentation
 */
export { type Clock, type EpochMs, ManualClock, systemClock } from './base/clock.ts';
export { type ErrorCode, errorCodes, KnownError } from './base/errors.ts';
export type { Refusal } from './base/refusal.ts';
export type { LicenseInput } from './daemon/catalog.ts';
export type { JournalEntry, JournalEvent, JournalListener } from './daemon/journal.ts';
export type { RunningVendor } from './daemon/server.ts';
export {
  type LicenseServerOptions,
  startLicenseServer,
  type TestLicenseServer,
} from './testing/license-server.ts';
