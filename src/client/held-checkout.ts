import type { Cancel } from '../base/clock.ts';
import type { SearchedLicense } from './candidates.ts';
import { type Grant, requestCheckout } from './checkout.ts';
import type { ClientContext } from './context.ts';
import type { PathElement } from './license-path.ts';
import type { Refused } from './refused.ts';
import { RETRY_DELAYS_MS, Retries, TRIAD_RETRY_DELAYS_MS } from './retries.ts';
import { lossReasons, refusalOfLoss } from './seat-losses.ts';
import type { LicenseSession } from './session.ts';

/** What can become of a license while it is held. */
export type HeldEvent =
  | { readonly kind: 'lost'; readonly why: Refused }
  | { readonly kind: 'regained'; readonly grant: Grant }
  /** Every attempt to get it back has failed; `why` is the last one's refusal. */
  | { readonly kind: 'gaveUp'; readonly why: Refused };

export interface HeldCheckoutOptions {
  readonly wanted: SearchedLicense;
  readonly path: readonly PathElement[];
  readonly context: ClientContext;
  readonly onEvent: (event: HeldEvent) => void;
  /** Defaults to TRIAD_RETRY_DELAYS_MS for what a triad granted, else to RETRY_DELAYS_MS. */
  readonly retryDelaysMs?: readonly number[];
  /** Makes an attempt when it is its turn: where several clients lose theirs at once. */
  readonly inTurn?: (attempt: () => Promise<void>) => Promise<void>;
}

/** How long a check-in may keep its caller: closing the connection frees the seats anyway. */
const CHECKIN_TIMEOUT_MS = 2_000;

/** A granted license that is asked for again when its server goes away, until it is released. */
export class HeldCheckout {
  readonly #options: HeldCheckoutOptions;
  #grant: Grant | undefined;
  #released = false;
  readonly #retries = new Retries();
  /** It was granted by a triad, which has another master soon. */
  #ofTriad = false;
  #cancelRetry: Cancel = () => {};

  constructor(grant: Grant, options: HeldCheckoutOptions) {
    this.#options = options;
    this.#hold(grant);
  }

  /** What is held now; undefined while it is lost. */
  get grant(): Grant | undefined {
    return this.#grant;
  }

  /** Checks in and ends the session; resolves when the daemon has answered, or will not in time. */
  async release(): Promise<void> {
    this.#released = true;
    this.#cancelRetry();
    const held = this.#grant?.held;
    this.#grant = undefined;
    if (!held) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tooLong = new Promise((resolve) => {
      timer = setTimeout(resolve, CHECKIN_TIMEOUT_MS);
    });
    await Promise.race([held.session.checkin(held.handle), tooLong]);
    clearTimeout(timer);
    held.session.close();
  }

  #hold(grant: Grant): void {
    const { clock } = this.#options.context;
    const since = clock.now();
    this.#grant = grant;
    this.#ofTriad = grant.ofTriad ?? false;
    if (grant.held === undefined) return;
    const { session, handle } = grant.held;
    session.onLost((why) => {
      if (this.#grant !== grant) return;
      this.#grant = undefined;
      this.#retries.lost(since, clock.now());
      this.#options.onEvent({ kind: 'lost', why });
      this.#retry(why);
    });
    session.onSeatLost((lost, reason) => {
      if (lost === handle && this.#grant === grant) this.#takenBack(session, reason);
    });
  }

  /**
   * The daemon took the seats and is still there. Who was idle asks again when in use (never, here); the others with
   * the next heartbeat, as FlexNet's clients notice.
   */
  #takenBack(session: LicenseSession, reason: number): void {
    const why = refusalOfLoss(reason);
    this.#grant = undefined;
    session.close();
    this.#options.onEvent({ kind: 'lost', why });
    if (reason === lossReasons.inactive) return;
    this.#retries.startOver();
    this.#retryIn(this.#options.context.heartbeatIntervalMs);
  }

  #retry(why: Refused): void {
    if (this.#released) return;
    const usual = this.#ofTriad ? TRIAD_RETRY_DELAYS_MS : RETRY_DELAYS_MS;
    const { onEvent, retryDelaysMs = usual } = this.#options;
    const delayMs = this.#retries.next(retryDelaysMs);
    if (delayMs === undefined) onEvent({ kind: 'gaveUp', why });
    else this.#retryIn(delayMs);
  }

  #retryIn(delayMs: number): void {
    const { clock } = this.#options.context;
    this.#cancelRetry = clock.schedule(clock.now() + delayMs, () => {
      const { inTurn = (attempt) => attempt() } = this.#options;
      void inTurn(() => this.#tryAgain());
    });
  }

  async #tryAgain(): Promise<void> {
    if (this.#released) return;
    const { wanted, path, context, onEvent } = this.#options;
    context.log.step('lost', `attempt ${this.#retries.made} to get ${wanted.feature} back`);
    const outcome = await requestCheckout(wanted, path, context);
    if (!outcome.ok) {
      this.#retry(outcome.reported);
    } else if (this.#released) {
      outcome.held?.session.close();
    } else {
      onEvent({ kind: 'regained', grant: outcome });
      this.#hold(outcome);
    }
  }
}
