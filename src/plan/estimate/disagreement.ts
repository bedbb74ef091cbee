import type { Estimates } from './estimates.ts';

/** What estimates are compared by: a tenth of the seats, and at least two, is no disagreement. */
const TOLERANCE_SHARE = 0.1;
const TOLERANCE_SEATS = 2;

export interface Compared {
  readonly replay: number;
  readonly estimates: Estimates;
  /** Clients of the log. */
  readonly clients: number;
  /** Whether a license file with its rules was replayed. */
  readonly hasLicense: boolean;
  /** What has no denials, such as `the samples`: what was wanted in vain is not in it. Undefined for logs. */
  readonly withoutDenials?: string;
}

/** Why formulas and replay do not say the same, in sentences; none when they do. */
export function disagreementsOf(compared: Compared): readonly string[] {
  const { replay, estimates, clients, hasLicense, withoutDenials } = compared;
  const { offeredLoad, stationary, kaufmanRoberts } = estimates;
  const differs = (a: number, b: number): boolean =>
    a - b > Math.max(TOLERANCE_SEATS, TOLERANCE_SHARE * b);
  const reasons: string[] = [];
  if (differs(offeredLoad, stationary.erlangB)) {
    reasons.push(
      `Erlang B at the mean load (${stationary.erlangB}) takes all hours of the week for alike; ` +
        `busy hours need more (${offeredLoad}).`,
    );
  }
  if (kaufmanRoberts !== undefined && differs(kaufmanRoberts, stationary.erlangB)) {
    reasons.push(
      `Starts that take several seats at once need more than their load as single ones: ` +
        `${kaufmanRoberts} by Kaufman and Roberts.`,
    );
  }
  if (differs(replay, offeredLoad)) {
    const causes = [
      ...(kaufmanRoberts === undefined ? [] : ['starts that take several seats at once']),
      ...(hasLicense ? ['reservations and limits of the options file'] : []),
      'starts that come in bunches, and busy days that the mean week does not show',
    ];
    reasons.push(
      `The replay (${replay}) needs more than the load of each hour says (${offeredLoad}): it ` +
        `has ${causes.join(', ')}.`,
    );
  }
  if (differs(offeredLoad, replay)) {
    const causes = [
      ...(clients < 3 * replay ? [`there are only ${clients} users, who do not ask twice`] : []),
      ...(hasLicense ? ['users may share seats by DUP_GROUP'] : []),
      ...(withoutDenials === undefined
        ? []
        : [`starts that were refused are not in ${withoutDenials}`]),
      'starts come more evenly than by chance, as those of a scheduler do',
    ];
    reasons.push(
      `The replay (${replay}) needs less than the load of each hour says (${offeredLoad}): ${causes.join(', or ')}.`,
    );
  }
  if (differs(stationary.erlangB, stationary.engset)) {
    reasons.push(
      `Engset (${stationary.engset}) knows that there are only ${clients} users; Erlang B ` +
        `(${stationary.erlangB}) takes them for without number.`,
    );
  }
  return reasons;
}
