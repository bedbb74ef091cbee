/** The type of a property: one of these words, a list of allowed texts, or another shape of the table. */
type Kind = 'text' | 'uri' | 'bag' | { readonly from: number } | readonly string[] | ShapeName;

interface Shape {
  readonly required: readonly string[];
  /** `[kind]` for a list of them. */
  readonly properties: Readonly<Record<string, Kind | { readonly listOf: ShapeName }>>;
}

/**
 * What SARIF 2.1.0 asks of the objects that lint writes. Source: OASIS, "Static Analysis Results
 * Interchange Format (SARIF) Version 2.1.0", section 3 and its schema.
 */
const shapes = {
  log: {
    required: ['version', 'runs'],
    properties: { $schema: 'uri', version: ['2.1.0'], runs: { listOf: 'run' } },
  },
  run: {
    required: ['tool'],
    properties: {
      tool: 'tool',
      results: { listOf: 'result' },
      columnKind: ['utf16CodeUnits', 'unicodeCodePoints'],
    },
  },
  tool: { required: ['driver'], properties: { driver: 'driver' } },
  driver: {
    required: ['name'],
    properties: { name: 'text', version: 'text', rules: { listOf: 'rule' } },
  },
  rule: {
    required: ['id'],
    properties: {
      id: 'text',
      shortDescription: 'message',
      fullDescription: 'message',
      help: 'message',
      defaultConfiguration: 'configuration',
      properties: 'bag',
    },
  },
  configuration: {
    required: [],
    properties: { level: ['none', 'note', 'warning', 'error'] },
  },
  message: { required: ['text'], properties: { text: 'text' } },
  result: {
    required: ['message'],
    properties: {
      ruleId: 'text',
      ruleIndex: { from: 0 },
      level: ['none', 'note', 'warning', 'error'],
      message: 'message',
      locations: { listOf: 'location' },
    },
  },
  location: { required: [], properties: { physicalLocation: 'physicalLocation' } },
  physicalLocation: {
    required: ['artifactLocation'],
    properties: { artifactLocation: 'artifactLocation', region: 'region' },
  },
  artifactLocation: { required: [], properties: { uri: 'uri' } },
  region: {
    required: [],
    properties: { startLine: { from: 1 }, startColumn: { from: 1 }, endColumn: { from: 1 } },
  },
} as const satisfies Record<string, { required: readonly string[]; properties: object }>;

type ShapeName =
  | 'log'
  | 'run'
  | 'tool'
  | 'driver'
  | 'rule'
  | 'configuration'
  | 'message'
  | 'result'
  | 'location'
  | 'physicalLocation'
  | 'artifactLocation'
  | 'region';

/** Where a log is not what the standard asks for; empty for a good one. */
export function sarifFaults(log: unknown): readonly string[] {
  return [...faultsOf(log, 'log', '$')];
}

function* faultsOf(value: unknown, name: ShapeName, at: string): Iterable<string> {
  const { required, properties }: Shape = shapes[name];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    yield `${at}: no object`;
    return;
  }
  for (const property of required) if (!(property in value)) yield `${at}: no ${property}`;
  for (const [property, each] of Object.entries(value)) {
    const kind = Object.hasOwn(properties, property) ? properties[property] : undefined;
    const place = `${at}.${property}`;
    if (kind === undefined) yield `${place}: no property of ${name}`;
    else if (typeof kind === 'object' && 'listOf' in kind)
      yield* listFaults(each, kind.listOf, place);
    else yield* kindFaults(each, kind, place);
  }
}

function* listFaults(value: unknown, name: ShapeName, at: string): Iterable<string> {
  if (!Array.isArray(value)) yield `${at}: no list`;
  else for (const [index, each] of value.entries()) yield* faultsOf(each, name, `${at}[${index}]`);
}

function* kindFaults(value: unknown, kind: Kind, at: string): Iterable<string> {
  if (typeof kind === 'string' && kind in shapes) yield* faultsOf(value, kind as ShapeName, at);
  else if (typeof kind === 'object' && 'from' in kind) {
    if (!Number.isInteger(value) || (value as number) < kind.from) yield `${at}: ${String(value)}`;
  } else if (kind === 'bag') {
    if (typeof value !== 'object') yield `${at}: no bag`;
  } else if (typeof value !== 'string' || value === '') yield `${at}: no text`;
  else if (Array.isArray(kind) && !kind.includes(value)) yield `${at}: ${value}`;
  else if (kind === 'uri' && !isUriReference(value)) yield `${at}: ${value} is no URI reference`;
}

/** RFC 3986: no character outside of its set, and each percent sign with two hex digits. */
function isUriReference(text: string): boolean {
  return (
    /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\dA-F]{2})+$/i.test(text) && URL.canParse(text, 'file:///')
  );
}
