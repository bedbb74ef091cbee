/** A fenced block of a document. */
export interface Block {
  readonly line: number;
  readonly language: string;
  /** `key=value` words behind the language. */
  readonly words: ReadonlyMap<string, string>;
  readonly text: string;
}

/** All fenced blocks, in order. */
export function blocksOf(document: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { line: number; head: string; text: string[] } | undefined;
  for (const [at, line] of document.split('\n').entries()) {
    const [, head] = /^```(.*)$/.exec(line) ?? [];
    if (head === undefined) open?.text.push(line);
    else if (open === undefined) open = { line: at + 1, head, text: [] };
    else {
      const [language = '', ...words] = open.head.split(' ');
      const pairs = words.map((word) => word.split('=') as [string, string]);
      const text = open.text.map((each) => `${each}\n`).join('');
      blocks.push({ line: open.line, language, words: new Map(pairs), text });
      open = undefined;
    }
  }
  return blocks;
}
