import zlib from 'node:zlib';

export type Compress = (bytes: Uint8Array) => Uint8Array;

export interface Zstd {
  readonly compress: Compress;
  readonly decompress: Compress;
}

/** The fastest: of three times the work a store of numbers gets no smaller. */
const LEVEL = 1;

/** Node's own zstd, which came with 22.15. */
interface OwnZstd {
  readonly constants: Readonly<Record<string, number>>;
  zstdCompressSync(bytes: Uint8Array, options: object): Uint8Array;
  zstdDecompressSync(bytes: Uint8Array): Uint8Array;
}

let loaded: Promise<Zstd> | undefined;

/** zstd of Node where it has it, else of a WebAssembly module. */
export function loadZstd(): Promise<Zstd> {
  loaded ??= 'zstdCompressSync' in zlib ? Promise.resolve(ownZstd()) : packagedZstd();
  return loaded;
}

function ownZstd(): Zstd {
  const own = zlib as unknown as OwnZstd;
  const params = { [own.constants['ZSTD_c_compressionLevel']!]: LEVEL };
  return {
    compress: (bytes) => own.zstdCompressSync(bytes, { params }),
    decompress: (bytes) => own.zstdDecompressSync(bytes),
  };
}

async function packagedZstd(): Promise<Zstd> {
  const { Zstd: Packaged } = await import('@hpcc-js/wasm-zstd');
  const zstd = await Packaged.load();
  copyResultsWhole(zstd);
  return {
    compress: (bytes) => zstd.compress(bytes, LEVEL),
    decompress: (bytes) => zstd.decompress(bytes),
  };
}

/** What the module has inside, by the names of the version that package.json pins. */
interface PackagedHeap {
  heapView?(piece: unknown): Uint8Array;
  heapToUint8Array?(piece: unknown): Uint8Array;
}

/** It hands out results by way of a list of numbers, which took longer than the compression: now they are copied. */
function copyResultsWhole(zstd: object): void {
  const heap = (zstd as { readonly _mainModule?: PackagedHeap })._mainModule;
  if (heap?.heapView === undefined || heap.heapToUint8Array === undefined) return;
  heap.heapToUint8Array = (piece) => heap.heapView!(piece).slice();
}
