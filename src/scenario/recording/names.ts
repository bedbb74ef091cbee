/** Names as a scenario can have them: its clients are USER@HOST, without blanks and further @. */
export class Names {
  readonly #kind: string;
  readonly #anonymize: boolean;
  readonly #given = new Map<string, string>();
  readonly #taken = new Set<string>();
  /** How many had to be spelled in another way. */
  respelled = 0;

  constructor(kind: string, anonymize: boolean) {
    this.#kind = kind;
    this.#anonymize = anonymize;
  }

  get size(): number {
    return this.#given.size;
  }

  /** The same for the same name: its pseudonym, by the order of first appearance, or a spelling that can be used. */
  of(name: string): string {
    const known = this.#given.get(name);
    if (known !== undefined) return known;
    const given = this.#anonymize ? `${this.#kind}${this.size + 1}` : this.#spelled(name);
    this.#given.set(name, given);
    this.#taken.add(given);
    return given;
  }

  #spelled(name: string): string {
    const plain = name.replaceAll(/[\s@\p{Cc}]+/gu, '_').replaceAll('${', '$_') || 'unknown';
    let spelled = plain;
    for (let number = 2; this.#taken.has(spelled); number++) spelled = `${plain}_${number}`;
    if (spelled !== name) this.respelled++;
    return spelled;
  }
}
