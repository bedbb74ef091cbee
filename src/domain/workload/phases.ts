/** A stretch of time and the rate of arrivals in it; rates are arrivals a second. */
export type Phase =
  | { readonly kind: 'steady'; readonly durationMs: number; readonly rate: number }
  | {
      readonly kind: 'ramp';
      readonly durationMs: number;
      readonly from: number;
      readonly to: number;
    }
  /** As many levels of equal length, the first at `from`, the last at `to`. */
  | {
      readonly kind: 'steps';
      readonly durationMs: number;
      readonly from: number;
      readonly to: number;
      readonly levels: number;
    }
  /** `rate`, but `peak` for `peakMs` in the middle. */
  | {
      readonly kind: 'spike';
      readonly durationMs: number;
      readonly rate: number;
      readonly peak: number;
      readonly peakMs: number;
    }
  /** The hours of a week, Monday's first one first, each lasting `hourMs`: 168 rates, or 24 for every day. */
  | {
      readonly kind: 'week';
      readonly durationMs: number;
      readonly hourlyRates: readonly number[];
      readonly hourMs: number;
      readonly fromHour: number;
    };

/** A rate that goes straight from one value to another. */
export interface Segment {
  readonly lengthMs: number;
  /** Arrivals a second. */
  readonly from: number;
  readonly to: number;
}

/** A phase in straight pieces. */
export function segmentsOf(phase: Phase): readonly Segment[] {
  const { durationMs } = phase;
  switch (phase.kind) {
    case 'steady':
      return [flat(durationMs, phase.rate)];
    case 'ramp':
      return [{ lengthMs: durationMs, from: phase.from, to: phase.to }];
    case 'steps': {
      const { from, to, levels } = phase;
      const step = levels === 1 ? 0 : (to - from) / (levels - 1);
      return Array.from({ length: levels }, (_, level) =>
        flat(durationMs / levels, from + step * level),
      );
    }
    case 'spike': {
      const { rate, peak, peakMs } = phase;
      const side = (durationMs - peakMs) / 2;
      return [flat(side, rate), flat(peakMs, peak), flat(side, rate)];
    }
    case 'week':
      return hoursOf(phase);
  }
}

function hoursOf(phase: Phase & { kind: 'week' }): readonly Segment[] {
  const { durationMs, hourlyRates, hourMs, fromHour } = phase;
  const hours = Math.ceil(durationMs / hourMs);
  return Array.from({ length: hours }, (_, hour) => {
    const lengthMs = Math.min(hourMs, durationMs - hour * hourMs);
    return flat(lengthMs, hourlyRates[(fromHour + hour) % hourlyRates.length]!);
  });
}

function flat(lengthMs: number, rate: number): Segment {
  return { lengthMs, from: rate, to: rate };
}
