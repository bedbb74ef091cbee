import { type Phase, type Segment, segmentsOf } from './phases.ts';

interface Piece extends Segment {
  readonly startMs: number;
  /** Arrivals expected before it, and in it. */
  readonly before: number;
  readonly area: number;
}

/** The rate of arrivals over time. What has been expected by a time is its area, and times are found by areas. */
export class RateCurve {
  readonly #pieces: readonly Piece[];
  /** Arrivals expected in all. */
  readonly total: number;
  readonly durationMs: number;
  #at = 0;

  constructor(phases: readonly Phase[]) {
    let startMs = 0;
    let before = 0;
    this.#pieces = phases.flatMap(segmentsOf).map((segment) => {
      const { lengthMs, from, to } = segment;
      const area = (((from + to) / 2) * lengthMs) / 1000;
      const piece = { ...segment, startMs, before, area };
      startMs += lengthMs;
      before += area;
      return piece;
    });
    this.total = before;
    this.durationMs = startMs;
  }

  /** Arrivals a second at a time. */
  rateAt(atMs: number): number {
    const piece = this.#pieces.find(({ startMs, lengthMs }) => atMs < startMs + lengthMs);
    if (piece === undefined || atMs < 0) return 0;
    const { startMs, lengthMs, from, to } = piece;
    return from + ((to - from) * (atMs - startMs)) / lengthMs;
  }

  /** The highest rate. */
  get peak(): number {
    return this.#pieces.reduce((peak, { from, to }) => Math.max(peak, from, to), 0);
  }

  /**
   * When so many arrivals are expected to have come; undefined when that is never. To be asked for growing areas:
   * it goes on where it was.
   */
  timeOf(area: number): number | undefined {
    if (!(area < this.total)) return undefined;
    let piece = this.#pieces[this.#at]!;
    if (area < piece.before) {
      this.#at = 0;
      piece = this.#pieces[0]!;
    }
    while (area >= piece.before + piece.area && this.#at < this.#pieces.length - 1) {
      piece = this.#pieces[++this.#at]!;
    }
    return piece.startMs + timeInPiece(piece, area - piece.before);
  }
}

/**
 * Milliseconds into a piece at which its area is reached: the root of a quadratic, in the form that neither loses
 * digits nor divides by a slope of zero.
 */
function timeInPiece({ lengthMs, from, to, area }: Piece, wanted: number): number {
  // Where a ramp begins at nothing, the root of its first moment would be nothing by nothing.
  if (area === 0 || wanted <= 0) return 0;
  const slope = (to - from) / (lengthMs / 1000);
  const seconds = (2 * wanted) / (from + Math.sqrt(Math.max(0, from * from + 2 * slope * wanted)));
  return Math.min(seconds * 1000, lengthMs);
}
