import { escaped } from '../../text/markup.ts';

/** One direction of a plot. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  readonly label: string;
  readonly text?: (value: number) => string;
}

export type Point = readonly [x: number, y: number];

const WIDTH = 480;
const HEIGHT = 270;
const LEFT = 66;
const RIGHT = 18;
const TOP = 14;
const BOTTOM = 44;

/** A plot as inline SVG: it is drawn when the page is made, so that the page needs no script and prints as it looks. */
export class Plot {
  readonly #x: Axis;
  readonly #y: Axis;
  readonly #parts: string[] = [];

  constructor(x: Axis, y: Axis) {
    this.#x = x;
    this.#y = y;
  }

  line(points: readonly Point[], style: string): this {
    const path = this.#path(points);
    return path === '' ? this : this.#add(`<path class="line ${style}" d="M${path}"/>`);
  }

  /** From one value to the next there is no way but a step. */
  steps(points: readonly Point[], style: string): this {
    const corners = points.flatMap((point, index): Point[] => {
      const before = points[index - 1];
      return before === undefined ? [point] : [[point[0], before[1]], point];
    });
    return this.line(corners, style);
  }

  /** What lies between two lines. */
  area(upper: readonly Point[], lower: readonly Point[], style: string): this {
    const path = this.#path([...upper, ...[...lower].reverse()]);
    return path === '' ? this : this.#add(`<path class="area ${style}" d="M${path}Z"/>`);
  }

  /** Bars that stand on the axis, `width` in units of x. */
  bars(
    bars: readonly { readonly x: number; readonly y: number; readonly told: string }[],
    width: number,
    style: string,
  ): this {
    for (const { x, y, told } of bars) {
      const [left, right] = [this.#atX(x), this.#atX(x + width)];
      const top = this.#atY(y);
      const size = `width="${fixed(Math.max(0.8, right - left - 1))}" height="${fixed(HEIGHT - BOTTOM - top)}"`;
      this.#add(
        `<rect class="bar ${style}" x="${fixed(left)}" y="${fixed(top)}" ` +
          `${size}><title>${escaped(told)}</title></rect>`,
      );
    }
    return this;
  }

  cell(x: number, y: number, share: number, told: string): this {
    const [left, top] = [this.#atX(x), this.#atY(y + 1)];
    const [width, height] = [this.#atX(x + 1) - left, this.#atY(y) - top];
    const size = `width="${fixed(width - 0.6)}" height="${fixed(height - 0.6)}"`;
    return this.#add(
      `<rect class="cell" x="${fixed(left)}" y="${fixed(top)}" ${size} fill-opacity="${fixed(0.05 + 0.95 * share)}">` +
        `<title>${escaped(told)}</title></rect>`,
    );
  }

  /** A line across at a value of x, with its name at the top. */
  upright(x: number, name: string, style: string, row = 0): this {
    const at = fixed(this.#atX(x));
    const isRight = this.#atX(x) > WIDTH * 0.62;
    const anchor = isRight ? `text-anchor="end" dx="-4"` : `dx="4"`;
    return this.#add(
      `<line class="mark ${style}" x1="${at}" x2="${at}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>` +
        `<text class="name" x="${at}" y="${TOP + 11 + 15 * row}" ${anchor}>${escaped(name)}</text>`,
    );
  }

  /** A line across at a value of y, with its name at the left. */
  level(y: number, name: string, style: string): this {
    if (y > this.#y.high) return this;
    const at = this.#atY(y);
    return this.#add(
      `<line class="mark ${style}" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${fixed(at)}" y2="${fixed(at)}"/>` +
        `<text class="name" x="${LEFT + 4}" y="${fixed(at < TOP + 14 ? at + 14 : at - 5)}">${escaped(name)}</text>`,
    );
  }

  /** `told`: what the plot shows, for those who do not see it. */
  svg(told: string): string {
    const label = escaped(told);
    return (
      `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">` +
      `${this.#axes()}${this.#parts.join('')}</svg>`
    );
  }

  #axes(): string {
    const bottom = HEIGHT - BOTTOM;
    const across = this.#y.ticks.map((value) => {
      const at = fixed(this.#atY(value));
      const text = escaped((this.#y.text ?? String)(value));
      return (
        `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>` +
        `<text x="${LEFT - 6}" y="${at}" dy="4" text-anchor="end">${text}</text>`
      );
    });
    const below = this.#x.ticks.map((value) => {
      const text = escaped((this.#x.text ?? String)(value));
      const at = this.#atX(value);
      // At the right edge there is no room for the half of it.
      const anchor = at > WIDTH - RIGHT - 12 ? 'end' : 'middle';
      const x = anchor === 'end' ? WIDTH - 2 : at;
      return `<text x="${fixed(x)}" y="${bottom + 17}" text-anchor="${anchor}">${text}</text>`;
    });
    const middle = (LEFT + WIDTH - RIGHT) / 2;
    const labels =
      `<text class="label" x="${middle}" y="${HEIGHT - 8}" text-anchor="middle">${escaped(this.#x.label)}</text>` +
      `<text class="label" transform="translate(12 ${(TOP + bottom) / 2}) rotate(-90)" text-anchor="middle">` +
      `${escaped(this.#y.label)}</text>`;
    return `${across.join('')}${below.join('')}${labels}`;
  }

  #add(part: string): this {
    this.#parts.push(part);
    return this;
  }

  #path(points: readonly Point[]): string {
    return points.map(([x, y]) => `${fixed(this.#atX(x))} ${fixed(this.#atY(y))}`).join('L');
  }

  #atX(value: number): number {
    return LEFT + share(value, this.#x) * (WIDTH - LEFT - RIGHT);
  }

  #atY(value: number): number {
    return HEIGHT - BOTTOM - share(value, this.#y) * (HEIGHT - TOP - BOTTOM);
  }
}

function share(value: number, { low, high }: Axis): number {
  return high === low ? 0 : Math.min(1, Math.max(0, (value - low) / (high - low)));
}

function fixed(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** From 0 to `high` or a little more, with ticks at round numbers; `whole` for what is counted. */
export function roundAxis(high: number, label: string, { low = 0, whole = true } = {}): Axis {
  const span = Math.max(high - low, whole ? 1 : Number.MIN_VALUE);
  const rough = span / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough)!;
  const size = whole ? Math.max(1, Math.ceil(step)) : step;
  const first = Math.floor(low / size) * size;
  const ticks: number[] = [];
  for (let tick = first; tick < high + size * 0.999; tick += size) {
    ticks.push(Math.round(tick / size) * size);
  }
  return { low: first, high: ticks.at(-1)!, ticks, label };
}
