import type { CheckoutRequest } from './checkout-request.ts';
import { lossReasons } from './seat-losses.ts';

/** Seats of one checkout: what was asked for, and the handle they are out under now. */
interface HeldSeat {
  readonly request: CheckoutRequest;
  /** Undefined when the daemon took them back from an idle application. */
  handle: number | undefined;
}

/**
 * What one session has out, by the handle it was granted under first: that one goes on naming it when an idle
 * application loses its seats and takes them again.
 */
export class HeldSeats {
  readonly #seats = new Map<number, HeldSeat>();

  granted(handle: number, request: CheckoutRequest): void {
    this.#seats.set(handle, { request, handle });
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
      if (reason === lossReasons.inactive) seat.handle = undefined;
      else this.#seats.delete(handle);
      return handle;
    }
    return undefined;
  }

  /** What was lost to idleness and may be asked for again. */
  lapsed(): readonly { readonly handle: number; readonly request: CheckoutRequest }[] {
    return [...this.#seats].flatMap(([handle, seat]) =>
      seat.handle === undefined ? [{ handle, request: seat.request }] : [],
    );
  }

  regained(handle: number, current: number): void {
    const seat = this.#seats.get(handle);
    if (seat !== undefined) seat.handle = current;
  }
}
