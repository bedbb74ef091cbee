/**
 * fauxlm as a library: a license server for your tests, a client for it, and the words both use.
 * @packageDocumentation
 */
export { type Clock, type EpochMs, ManualClock, systemClock } from './base/clock.ts';
export { type ErrorCode, errorCodes, KnownError } from './base/errors.ts';
export type { Refusal } from './base/refusal.ts';
export { type ConnectClientOptions, connectClient } from './client/client.ts';
export type {
  BorrowOptions,
  CheckoutOptions,
  ClientBorrow,
  ClientCheckout,
  ClientEvent,
  ClientRefusal,
  WaitingCheckout,
} from './client/client-answers.ts';
export type { LicenseInput } from './daemon/catalog.ts';
export type { ListedFault } from './daemon/faults/listed-fault.ts';
export type { FaultInput, FaultObject } from './daemon/faults/order.ts';
export type { JournalEntry, JournalEvent, JournalListener } from './daemon/journal.ts';
export type { RunningVendor } from './daemon/running-vendor.ts';
export type { Notice, NoticeLevel } from './daemon/server-config.ts';
export type { LedgerSnapshot } from './domain/ledger/snapshot.ts';
export type { LicenseFile, LicenseLine } from './domain/license/model.ts';
export { parseLicenseFile } from './domain/license/parse.ts';
export { printLicenseFile } from './domain/license/print.ts';
export type { OptionsFile } from './domain/options/model.ts';
export { parseOptionsFile } from './domain/options/parse.ts';
export { printOptionsFile } from './domain/options/print.ts';
export type { Finding, SourceText } from './domain/source.ts';
export {
  type LicenseServerOptions,
  startLicenseServer,
  type TestClock,
  type TestFaults,
  type TestLicenseServer,
  type TestServerSession,
} from './testing/license-server.ts';
export {
  startTriad,
  type TestTriad,
  type TestTriadMember,
  type TriadOptions,
} from './testing/triad.ts';
export { parseDebugLogLine } from './text/debug-log-parser/parse-debug-log-line.ts';
export type { ParsedEvent, ParsedLogLine, ParsedSeat } from './text/debug-log-parser/parsed.ts';
export { DebugLogReader } from './text/debug-log-parser/reader.ts';
