/** What a line of a log tells of seats, or of the daemon that has them; stored as numbers. */
export const logEvents = [
  'out',
  'in',
  'denied',
  'queued',
  'dequeued',
  'unsupported',
  /** A daemon begins anew: what it had out is back. `client` holds the daemon. */
  'started',
  /** A daemon says that it ends. */
  'stopped',
  /** There was a line then. */
  'seen',
] as const;

export type LogEventName = (typeof logEvents)[number];

/** By name: the number. */
export const logEvent = Object.fromEntries(
  logEvents.map((name, index) => [name, index]),
) as Readonly<Record<LogEventName, number>>;

/** The events with numbers below this are about a client and a feature. */
export const SEAT_EVENTS_END = logEvent.started;

/**
 * Events of a stretch of a log that are not dated yet, column by column: a log says its date a few times a day
 * only, and what came before may need what comes after.
 */
export class SeatBlock {
  static readonly ROWS_MAX = 1 << 17;

  size = 0;
  readonly kind = new Uint8Array(SeatBlock.ROWS_MAX);
  readonly feature = new Int32Array(SeatBlock.ROWS_MAX);
  readonly client = new Int32Array(SeatBlock.ROWS_MAX);
  readonly count = new Int32Array(SeatBlock.ROWS_MAX);
  readonly reason = new Int32Array(SeatBlock.ROWS_MAX);
  /** Seconds since midnight, and which stretch between midnights it is in. */
  readonly second = new Int32Array(SeatBlock.ROWS_MAX);
  readonly stretch = new Int32Array(SeatBlock.ROWS_MAX);
  readonly line = new Float64Array(SeatBlock.ROWS_MAX);

  get isFull(): boolean {
    return this.size === SeatBlock.ROWS_MAX;
  }
}
