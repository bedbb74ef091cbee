/** A feature of the list that a vendor daemon logs at start; a package names its components. */
export interface ListedFeature {
  readonly name: string;
  readonly components?: readonly string[];
}

/** Names a line holds after the first, which holds one. */
const NAMES_PER_LINE = 3;

/**
 * `Server started on alpha for:`, a TAB, then the features: one on that line, three on each further
 * one. A package begins a line of its own and counts as its first. Source: derived from eleven
 * public logs.
 */
export function featureListLines(host: string, features: Iterable<ListedFeature>): string[] {
  const list = new FeatureList(`Server started on ${host} for:\t`);
  for (const { name, components = [] } of features) {
    if (components.length === 0) {
      list.add(name);
      continue;
    }
    list.begin(`${name} (consisting of:\t\t`);
    components.forEach((component, index) => {
      list.add(index === components.length - 1 ? `${component})` : component);
    });
  }
  return list.end();
}

/**
 * Up to 7 letters two TABs, up to 14 one, else a blank: names stand in columns of 16 while they
 * can.
 */
export function namePadding(name: string): string {
  if (name.length <= 7) return '\t\t';
  return name.length <= 14 ? '\t' : ' ';
}

class FeatureList {
  readonly #lines: string[] = [];
  #line: string;
  #room = 1;

  constructor(heading: string) {
    this.#line = heading;
  }

  add(name: string): void {
    if (this.#room === 0) this.#start('', NAMES_PER_LINE);
    this.#line += name + namePadding(name);
    this.#room -= 1;
  }

  begin(heading: string): void {
    this.#start(heading, 1);
  }

  end(): string[] {
    return [...this.#lines, this.#line];
  }

  #start(line: string, room: number): void {
    this.#lines.push(this.#line);
    this.#line = line;
    this.#room = room;
  }
}
