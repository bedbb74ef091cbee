/** How a metric comes about. */
export type MetricType = 'gauge' | 'counter' | 'histogram';

export type Labels = Readonly<Record<string, string>>;

/** A text in the format that Prometheus reads, 0.0.4. */
export class Exposition {
  readonly #lines: string[] = [];

  /** Begins a metric; its samples follow. */
  metric(name: string, type: MetricType, help: string): (labels: Labels, value: number) => void {
    this.#lines.push(`# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}`);
    this.#lines.push(`# TYPE ${name} ${type}`);
    return (labels, value) => this.sample(name, labels, value);
  }

  /** One sample of the metric begun last; of a histogram, with the suffix in its name. */
  sample(name: string, labels: Labels, value: number): void {
    const names = Object.keys(labels).sort();
    const told = names.map((label) => `${label}="${escaped(labels[label]!)}"`).join(',');
    this.#lines.push(`${name}${told === '' ? '' : `{${told}}`} ${numberText(value)}`);
  }

  get text(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

function escaped(text: string): string {
  return text.replace(/[\\"\n]/g, (character) => escapes[character]!);
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}
