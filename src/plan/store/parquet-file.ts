import { closeSync, openSync, writeSync } from 'node:fs';
import { type EncodedColumn, encodeColumn, type ParquetColumn } from './parquet-columns.ts';
import { type ThriftStruct, type ThriftValue, text, thriftBytes } from './thrift-writer.ts';
import type { Compress } from './zstd.ts';

/** A column of a file: its name, and what its row groups have. */
export interface NamedColumn {
  readonly name: string;
  readonly column: ParquetColumn;
}

const MAGIC = Buffer.from('PAR1');
/** Numbers of Apache Parquet's "parquet.thrift". */
const physical = { int32: 1, int64: 2, timestamp: 2, text: 6 } as const;
const encodings = { plain: 0, rle: 3, dictionary: 8 } as const;
const pages = { data: 0, dictionary: 2 } as const;
const converted = { text: 0, timestamp: 9 } as const;
const CODEC_ZSTD = 6;
const FORMAT_VERSION = 1;

/**
 * Writes a Parquet file of one row group, zstd-compressed, with minimum and maximum of each column so that readers
 * pass over files they do not need. Source: Apache Parquet, "README.md" and "parquet.thrift".
 */
export function writeParquet(
  path: string,
  columns: readonly NamedColumn[],
  { rows, compress }: { readonly rows: number; readonly compress: Compress },
): number {
  const fd = openSync(path, 'w');
  const compressed = eachOnce(compress);
  let offset = 0;
  const append = (bytes: Uint8Array): void => {
    writeSync(fd, bytes);
    offset += bytes.length;
  };
  try {
    append(MAGIC);
    const chunks = columns.map(({ name, column }) => {
      const start = offset;
      const encoded = encodeColumn(column);
      const sizes = { plain: 0 };
      if (encoded.dictionary) append(dictionaryPage(encoded.dictionary, compress, sizes));
      const dataAt = offset;
      append(dataPage(encoded, rows, compressed, sizes));
      return chunkStruct({
        name,
        column,
        encoded,
        rows,
        start,
        dataAt,
        end: offset,
        plain: sizes.plain,
      });
    });
    const footer = thriftBytes(footerStruct(columns, chunks, rows));
    append(footer);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    append(length);
    append(MAGIC);
  } finally {
    closeSync(fd);
  }
  return offset;
}

/** Columns may have the same rows, with other texts behind them. */
function eachOnce(compress: Compress): Compress {
  const known = new Map<Uint8Array, Uint8Array>();
  return (bytes) => {
    const before = known.get(bytes);
    if (before !== undefined) return before;
    const packed = compress(bytes);
    known.set(bytes, packed);
    return packed;
  };
}

interface Sizes {
  /** Bytes before compression, headers included. */
  plain: number;
}

function page(
  type: number,
  body: Uint8Array,
  details: readonly [number, ThriftValue],
  compress: Compress,
  sizes: Sizes,
): Buffer {
  const packed = compress(body);
  const header = thriftBytes([
    [1, { i32: type }],
    [2, { i32: body.length }],
    [3, { i32: packed.length }],
    details,
  ]);
  sizes.plain += header.length + body.length;
  return Buffer.concat([header, packed]);
}

function dictionaryPage(
  { bytes, size }: NonNullable<EncodedColumn['dictionary']>,
  compress: Compress,
  sizes: Sizes,
): Buffer {
  const details: ThriftStruct = [
    [1, { i32: size }],
    [2, { i32: encodings.plain }],
  ];
  return page(pages.dictionary, bytes, [7, { struct: details }], compress, sizes);
}

function dataPage(
  { data, dictionary }: EncodedColumn,
  rows: number,
  compress: Compress,
  sizes: Sizes,
): Buffer {
  const details: ThriftStruct = [
    [1, { i32: rows }],
    [2, { i32: dictionary ? encodings.dictionary : encodings.plain }],
    [3, { i32: encodings.rle }],
    [4, { i32: encodings.rle }],
  ];
  return page(pages.data, data, [5, { struct: details }], compress, sizes);
}

interface Chunk extends NamedColumn {
  readonly encoded: EncodedColumn;
  readonly rows: number;
  readonly start: number;
  readonly dataAt: number;
  readonly end: number;
  readonly plain: number;
}

function chunkStruct(chunk: Chunk): ThriftStruct {
  const { name, column, encoded, rows, start, dataAt, end, plain } = chunk;
  const used = encoded.dictionary
    ? [encodings.plain, encodings.rle, encodings.dictionary]
    : [encodings.plain, encodings.rle];
  const metadata: ThriftStruct = [
    [1, { i32: physical[column.kind] }],
    [2, { list: used.map((i32) => ({ i32 })) }],
    [3, { list: [text(name)] }],
    [4, { i32: CODEC_ZSTD }],
    [5, { i64: rows }],
    [6, { i64: plain }],
    [7, { i64: end - start }],
    [9, { i64: dataAt }],
    ...(encoded.dictionary ? ([[11, { i64: start }]] as const) : []),
    [12, { struct: statisticsStruct(encoded) }],
  ];
  return [
    [2, { i64: start }],
    [3, { struct: metadata }],
  ];
}

function statisticsStruct({ nulls, min, max }: EncodedColumn): ThriftStruct {
  return [
    [3, { i64: nulls }],
    ...(max ? ([[5, { binary: max }]] as const) : []),
    ...(min ? ([[6, { binary: min }]] as const) : []),
  ];
}

function footerStruct(
  columns: readonly NamedColumn[],
  chunks: readonly ThriftStruct[],
  rows: number,
): ThriftStruct {
  const root: ThriftStruct = [
    [4, text('fauxlm')],
    [5, { i32: columns.length }],
  ];
  const group: ThriftStruct = [
    [1, { list: chunks.map((struct) => ({ struct })) }],
    [2, { i64: sizeOf(chunks) }],
    [3, { i64: rows }],
  ];
  return [
    [1, { i32: FORMAT_VERSION }],
    [2, { list: [root, ...columns.map(schemaStruct)].map((struct) => ({ struct })) }],
    [3, { i64: rows }],
    [4, { list: [{ struct: group }] }],
    [6, text('fauxlm')],
    // Columns are ordered by their type, which makes minimum and maximum of texts valid.
    [7, { list: columns.map(() => ({ struct: [[1, { struct: [] }]] })) }],
  ];
}

function schemaStruct({ name, column }: NamedColumn): ThriftStruct {
  const isNullable = column.kind === 'timestamp' && column.isNullable === true;
  const annotation =
    column.kind === 'text' || column.kind === 'timestamp' ? converted[column.kind] : undefined;
  return [
    [1, { i32: physical[column.kind] }],
    [3, { i32: isNullable ? 1 : 0 }],
    [4, text(name)],
    ...(annotation === undefined ? [] : ([[6, { i32: annotation }]] as const)),
    ...(column.kind === 'timestamp' ? ([[10, { struct: timestampType }]] as const) : []),
  ];
}

/** LogicalType TIMESTAMP: of UTC, in milliseconds. */
const timestampType: ThriftStruct = [
  [
    8,
    {
      struct: [
        [1, { bool: true }],
        [2, { struct: [[1, { struct: [] }]] }],
      ],
    },
  ],
];

function sizeOf(chunks: readonly ThriftStruct[]): number {
  let sum = 0;
  for (const chunk of chunks) {
    const [, metadata] = chunk[1]!;
    const plain =
      'struct' in metadata ? metadata.struct.find(([field]) => field === 6)?.[1] : undefined;
    if (plain && 'i64' in plain) sum += plain.i64;
  }
  return sum;
}
