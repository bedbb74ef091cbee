import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** The storeys, lowest first: imports go down only, and rooms of one storey never see each other. */
const storeys: readonly (readonly string[])[] = [
  ['base'],
  ['domain', 'wire', 'text'],
  ['files', 'documents'],
  ['daemon', 'client', 'report'],
  ['control', 'lmutil', 'comparison', 'load', 'plan'],
  ['testing', 'artillery'],
  ['scenario'],
  ['index', 'lmstat', 'testcontainers'],
  ['cli'],
];

/** Inside domain: what may see what. */
const domainOrder = [
  'source',
  'text-encoding',
  'workload',
  'vendors',
  'language',
  'license',
  'options',
  'triad',
  'ledger',
  'lint',
];

/** Rooms without clock, socket, file, timer or random source: only their arguments decide. */
const pureRooms = new Set(['base', 'domain', 'wire', 'text', 'comparison']);

const root = resolve(import.meta.dirname, '..', 'src');

interface SourceFile {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  readonly lines: readonly string[];
  readonly imports: readonly string[];
}

function sourceFiles(folder = root): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(full);
    return entry.name.endsWith('.ts') ? [sourceFile(full)] : [];
  });
}

function sourceFile(full: string): SourceFile {
  const path = relative(root, full);
  const text = readFileSync(full, 'utf8');
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);
  const imports = found.map((target) =>
    target.startsWith('.') ? relative(root, resolve(dirname(full), target)) : target,
  );
  return { path, room: roomOf(path), text, lines: text.split('\n'), imports };
}

function roomOf(path: string): string {
  return path.split('/')[0]!.replace(/\.ts$/, '');
}

function storeyOf(room: string): number {
  return storeys.findIndex((rooms) => rooms.includes(room));
}

const files = sourceFiles();
const own = (target: string): boolean => target.endsWith('.ts');

describe.each(files)('src/$path', (file) => {
  test('is in a room of the plan', () => {
    expect(storeyOf(file.room), file.room).toBeGreaterThanOrEqual(0);
  });

  test('imports only from below', () => {
    for (const target of file.imports.filter(own)) {
      const room = roomOf(target);
      expect(room === file.room || storeyOf(room) < storeyOf(file.room), `${target}`).toBe(true);
    }
  });

  test('reads nothing but its arguments, if its room is pure', () => {
    if (!pureRooms.has(file.room)) return expect(pureRooms.has(file.room)).toBe(false);
    const outside = file.imports.filter((target) => target.startsWith('node:'));
    expect(outside).toEqual([]);
    const code = file.text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    const banned =
      /\b(Date\.now\(|new Date\(\)|Math\.random\(|performance\.(?!ts')|process\.|setTimeout\()/g;
    const uses = [...code.matchAll(banned)].map((match) => match[0]);
    expect(file.path === 'base/clock.ts' ? [] : uses).toEqual([]);
  });

  test('is a noun of a readable size', () => {
    expect(file.lines.length, 'lines').toBeLessThanOrEqual(301);
    expect(file.path).toMatch(/^[a-z0-9/-]+\.ts$/);
    const long = file.lines.filter((line) => line.length > 120);
    expect(long).toEqual([]);
  });
});

test('inside domain, license knows no options, options no ledger', () => {
  for (const file of files.filter(({ room }) => room === 'domain')) {
    for (const target of file.imports.filter((each) => each.startsWith('domain/'))) {
      const from = domainOrder.indexOf(partOf(file.path));
      const to = domainOrder.indexOf(partOf(target));
      expect(to, `${file.path} -> ${target}`).toBeLessThanOrEqual(from);
    }
  }
});

function partOf(path: string): string {
  return path.split('/')[1]!.replace(/\.ts$/, '');
}

test('each library enters at one place', () => {
  const places = new Map<string, Set<string>>();
  for (const file of files) {
    for (const target of file.imports) {
      if (own(target) || target.startsWith('node:')) continue;
      places.set(target, (places.get(target) ?? new Set()).add(file.path));
    }
  }
  expect([...(places.get('binary-parser') ?? [])]).toEqual(['wire/fields.ts']);
  expect([...(places.get('pino') ?? [])]).toEqual(['cli/logger.ts']);
  for (const path of places.get('fastify') ?? []) expect(path).toMatch(/^control\//);
  for (const path of places.get('zod') ?? [])
    expect(path).toMatch(/^(control|documents|load|scenario)\//);
  expect([...(places.get('@hpcc-js/wasm-zstd') ?? [])]).toEqual(['plan/store/zstd.ts']);
  for (const path of places.get('piscina') ?? []) expect(path).toMatch(/^plan\/sweep\//);
  expect([...(places.get('yaml') ?? [])]).toEqual(['documents/yaml-document.ts']);
  // Somebody else's optional dependency: who imports fauxlm alone does not have it.
  expect([...(places.get('testcontainers') ?? [])]).toEqual(['testing/fauxlm-container.ts']);
  expect([...(places.get('@opentelemetry/api') ?? [])]).toEqual(['client/checkout-span.ts']);
  for (const path of places.get('yargs') ?? []) expect(path).toMatch(/^cli\//);
});

test('who has no control plane does not load its libraries', () => {
  const loud = /^import (?!type )[^;]*control\/(control-plane|http-app|routes|request-body)\.ts'/gm;
  const loading = files.filter(({ room, text }) => room !== 'control' && text.match(loud));
  expect(loading.map(({ path }) => path)).toEqual([]);
});

test('every file is used: an entry point, or imported by another', () => {
  const entries = new Set([
    'index.ts',
    'lmstat.ts',
    'testcontainers.ts',
    'cli/fauxlm.ts',
    'cli/lmgrd.ts',
    'lmutil/main.ts',
    'daemon/vendor-main.ts',
    'load/worker-main.ts',
    'artillery/main.ts',
    'plan/sweep/sweep-worker.ts',
    'plan/store/pack-worker.ts',
  ]);
  // What only tests and benches use has its reason here.
  const forTests = new Set([
    'domain/ledger/audit.ts', // recounts the ledger from scratch, after every command of a test
  ]);
  const imported = new Set(files.flatMap(({ imports }) => imports));
  const dead = files
    .map(({ path }) => path)
    .filter((path) => !imported.has(path) && !entries.has(path) && !forTests.has(path));
  expect(dead).toEqual([]);
});

test('no source, test or document names the machine it was made on', () => {
  const named = files
    .filter(({ text }) => /\/work\/|\.\.\/shared/.test(text))
    .map(({ path }) => path);
  expect(named).toEqual([]);
});
