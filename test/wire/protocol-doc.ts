import { readFileSync } from 'node:fs';

/** docs/protocol.md as the tests read it: sections by heading, tables by row, examples by kind. */
const text = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');

export interface DocExample {
  readonly kind: string;
  readonly time: number;
  readonly value: unknown;
  readonly bytes: Buffer;
}

/** Text from the heading that starts with `heading` to the next heading. */
export function sectionOf(heading: string): string {
  const parts = text.split(/^(?=#{1,4} )/m).filter((part) => part.startsWith(heading));
  if (parts.length !== 1) throw new Error(`${heading}: expected one section, got ${parts.length}`);
  return parts[0]!;
}

/** Cells of the table whose first column is called `column`, without the table's head. */
export function tableOf(section: string, column: string): readonly (readonly string[])[] {
  const lines = section.split('\n');
  const head = lines.findIndex((line) => line.startsWith(`| ${column} |`));
  if (head < 0) throw new Error(`expected a table of ${column}`);
  const length = lines.slice(head).findIndex((line) => !line.startsWith('|'));
  return lines.slice(head + 2, head + length).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** Every fenced block ```hex KIND [time=SECONDS] JSON. Bytes stand in the JSON as {"hex":"..."}. */
export function docExamples(): readonly DocExample[] {
  const blocks = text.matchAll(/^```hex (\w+)(?: time=(\d+))? (\{.*\})\n([0-9a-f \n]+)\n```$/gm);
  return [...blocks].map(([, kind, time = '0', json, hex]) => ({
    kind: kind!,
    time: Number(time),
    value: JSON.parse(json!, bytesOfHex),
    bytes: Buffer.from(hex!.replaceAll(/\s/g, ''), 'hex'),
  }));
}

function bytesOfHex(_name: string, value: unknown): unknown {
  const isBytes = typeof value === 'object' && value !== null && 'hex' in value;
  return isBytes ? Buffer.from(String(value.hex), 'hex') : value;
}

/** Lines of the block ```crc: bytes in hexadecimal, and the CRC behind them. */
export function docCrcSteps(): readonly {
  readonly bytes: readonly number[];
  readonly crc: number;
}[] {
  const block = /^```crc\n([^`]+)\n```$/m.exec(text)?.[1] ?? '';
  return block.split('\n').map((line) => {
    const [hex = '', crc = ''] = line.split(' -> ');
    return {
      bytes: [...Buffer.from(hex.replaceAll(' ', ''), 'hex')],
      crc: Number.parseInt(crc, 16),
    };
  });
}
