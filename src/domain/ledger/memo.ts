/**
 * Answers already worked out, by the exact text asked. It forgets everything when full, so that no
 * client can make it grow. Never part of the ledger's state: with or without it, every answer is
 * the same.
 */
export class Memo<Answer> {
  readonly #answers = new Map<string, Answer>();
  readonly #entriesMax: number;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  get(text: string): Answer | undefined {
    return this.#answers.get(text);
  }

  set(text: string, answer: Answer): void {
    if (this.#answers.size >= this.#entriesMax) this.#answers.clear();
    this.#answers.set(text, answer);
  }

  entries(): IterableIterator<[string, Answer]> {
    return this.#answers.entries();
  }
}
