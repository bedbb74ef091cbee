/**
 * Closed forms for a pool of seats. `load` is the offered load in erlang: starts a second times the seconds each is
 * held. Sources: A. K. Erlang 1917; T. Engset 1918; J. Kaufman, "Blocking in a shared resource environment", and
 * J. Roberts, "A service system with heterogeneous user requirements", both 1981. Computed by their recursions, which
 * only add and divide positive numbers, so that nothing cancels.
 */

/** Erlang B: the share of starts that find all seats out, when who is refused goes away. */
export function erlangB(seats: number, load: number): number {
  if (load <= 0) return seats === 0 ? 1 : 0;
  let blocked = 1;
  for (let seat = 1; seat <= seats; seat++) blocked = (load * blocked) / (seat + load * blocked);
  return blocked;
}

/** The fewest seats with which at most this share of starts is refused. */
export function erlangSeats(load: number, share: number, seatsMax = 1_000_000): number {
  let blocked = 1;
  let seats = 0;
  while (blocked > share && seats < seatsMax && load > 0) {
    seats++;
    blocked = (load * blocked) / (seats + load * blocked);
  }
  return seats;
}

/** Erlang C: the share of starts that wait, when who finds all seats out waits for one. 1 when the load is too much. */
export function erlangC(seats: number, load: number): number {
  if (load >= seats) return 1;
  const blocked = erlangB(seats, load);
  return blocked / (1 - (load / seats) * (1 - blocked));
}

/** The mean wait of all starts under Erlang C, in the unit of `holdMean`; without end when the load is too much. */
export function meanWait(seats: number, load: number, holdMean: number): number {
  return load >= seats
    ? Number.POSITIVE_INFINITY
    : (erlangC(seats, load) * holdMean) / (seats - load);
}

/**
 * Engset: the share of starts refused to a known number of users. `loadEach`: starts of one who holds nothing, a
 * second, times the seconds each is held.
 */
export function engset(seats: number, users: number, loadEach: number): number {
  if (seats >= users) return 0;
  // What a user meets is what the others do.
  const others = users - 1;
  let busy = 1;
  for (let seat = 1; seat <= seats; seat++) {
    const offered = (others - seat + 1) * loadEach * busy;
    busy = offered / (seat + offered);
  }
  return busy;
}

/** Starts that take several seats at once. */
export interface LoadClass {
  /** Seats a start takes. */
  readonly seats: number;
  /** Erlang of starts: a second, times the seconds each is held. */
  readonly load: number;
}

/** Kaufman and Roberts: the share of the starts of each class that is refused. */
export function kaufmanRoberts(seats: number, classes: readonly LoadClass[]): readonly number[] {
  const weights = new Float64Array(seats + 1);
  weights[0] = 1;
  let sum = 1;
  for (let out = 1; out <= seats; out++) {
    let weight = 0;
    for (const each of classes) {
      if (each.seats <= out) weight += each.load * each.seats * weights[out - each.seats]!;
    }
    weights[out] = weight / out;
    sum += weights[out]!;
    if (sum > 1e200) sum = scaled(weights, out, sum);
  }
  return classes.map((each) => {
    let refused = 0;
    for (let out = Math.max(0, seats - each.seats + 1); out <= seats; out++) {
      refused += weights[out]!;
    }
    return refused / sum;
  });
}

/** Large pools would leave the range of numbers; only ratios matter. */
function scaled(weights: Float64Array, upTo: number, sum: number): number {
  for (let out = 0; out <= upTo; out++) weights[out]! /= sum;
  return 1;
}
