import type { CheckoutRequest } from './checkout-request.ts';
import { lossReasons } from './seat-losses.ts';

/** Added to a handle that is in use: beyond all that daemons give. */
const OWN_NAMES = 2 ** 32;

/** Seats of one checkout: what was asked for, and the handle they are out under now. */
interface HeldSeat {
  readonly request: CheckoutRequest;
  /** Undefined while the daemon has them not as ours. */
  handle: number | undefined;
  /** The daemon took them back from an idle application, which asks again when it is in use. */
  isIdle: boolean;
}

/** A checkout that is not out any more. */
export interface LostSeat {
  /** It was granted under. */
  readonly handle: number;
  readonly request: CheckoutRequest;
}

/**
 * What one session has out, by the handle it was granted under first: that one goes on naming it when an idle
 * application loses its seats and takes them again.
 */
export class HeldSeats {
  readonly #seats = new Map<number, HeldSeat>();

  /**
   * Gives the handle that names it from here on: the daemon's, unless one that was granted by another daemon before is
   * called so already.
   */
  granted(handle: number, request: CheckoutRequest): number {
    let name = handle;
    while (this.#seats.has(name)) name += OWN_NAMES;
    this.#seats.set(name, { request, handle, isIdle: false });
    return name;
  }

  /** Whether the client was granted this once, and has it not given back. */
  has(handle: number): boolean {
    return this.#seats.has(handle);
  }

  /** What the daemon calls it now; undefined when it has it no more. */
  current(handle: number): number | undefined {
    return this.#seats.get(handle)?.handle;
  }

  /** Given back, or for good no more ours. */
  delete(handle: number): void {
    this.#seats.delete(handle);
  }

  /** The daemon took seats back; gives the handle they were granted under, where it was ours. */
  lost(current: number, reason: number): number | undefined {
    for (const [handle, seat] of this.#seats) {
      if (seat.handle !== current) continue;
      if (reason === lossReasons.inactive) Object.assign(seat, { handle: undefined, isIdle: true });
      else this.#seats.delete(handle);
      return handle;
    }
    return undefined;
  }

  /** The daemon is gone, and all that it had with it. */
  lostAll(): void {
    for (const seat of this.#seats.values()) seat.handle = undefined;
  }

  /** What was lost to idleness and may be asked for again; in the order of the checkouts, as the next. */
  lapsed(): readonly LostSeat[] {
    return this.#lost(true);
  }

  /** What went with its daemon and is to be had from the next. */
  cutOff(): readonly LostSeat[] {
    return this.#lost(false);
  }

  #lost(idle: boolean): readonly LostSeat[] {
    return [...this.#seats].flatMap(([handle, { request, handle: current, isIdle }]) =>
      current === undefined && isIdle === idle ? [{ handle, request }] : [],
    );
  }

  regained(handle: number, current: number): void {
    const seat = this.#seats.get(handle);
    if (seat !== undefined) Object.assign(seat, { handle: current, isIdle: false });
  }
}
