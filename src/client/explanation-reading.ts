import type { Explanation } from '../domain/ledger/explanation.ts';

/** A test of a value that came as JSON. */
type Test = (value: unknown) => boolean;

const text: Test = (value) => typeof value === 'string';
const count: Test = (value) => typeof value === 'number' && Number.isFinite(value);
const truth: Test = (value) => typeof value === 'boolean';

function optional(test: Test): Test {
  return (value) => value === undefined || test(value);
}

function every(test: Test): Test {
  return (value) => Array.isArray(value) && value.every(test);
}

function fields(tests: Readonly<Record<string, Test>>): Test {
  return (value) => {
    if (typeof value !== 'object' || value === null) return false;
    const named = value as Readonly<Record<string, unknown>>;
    return Object.entries(tests).every(([name, test]) => test(named[name]));
  };
}

const source = fields({ file: text, line: count, text: optional(text) });

const rule = fields({
  ...{ rule: text, feature: text, refuses: truth, text },
  ...{ code: optional(count), source: optional(source) },
});

const pool = fields({
  ...{ feature: text, version: text, counted: truth, issued: count, overdraft: count },
  ...{ used: count, reserved: count, serialNumber: optional(text), package: optional(text) },
  ...{ lines: every(source), linesLeftOut: optional(count), rules: every(rule), granted: truth },
});

const answer: Test = (value) =>
  fields({ granted: (granted) => granted === true, feature: text, version: text })(value) ||
  fields({ granted: (granted) => granted === false, code: count, minor: count })(value);

const waiting = fields({ user: text, host: text, count, since: count });
const returned = fields({
  user: text,
  host: text,
  handle: optional(count),
  until: optional(count),
});

const served: Test = (value) =>
  fields({ by: (by) => by === 'returns', count, returns: every(returned) })(value) ||
  fields({ by: (by) => by === 'nothing', behind: optional(waiting) })(value) ||
  fields({ by: (by) => by === 'unknown' })(value);

const queue = fields({
  position: count,
  lines: every(fields({ feature: text, version: text, waiting: count })),
  ...{ linesLeftOut: count, before: every(waiting), served },
});

const explanation = fields({
  vendor: text,
  asked: fields({
    ...{ feature: text, version: text, count, user: text, host: text, display: text },
    ...{ project: text, platform: text, address: text, at: count },
  }),
  ...{ tried: every(pool), leftOut: count, answer },
  changes: every(fields({ text, granted: truth, code: optional(count), source: optional(source) })),
  queue: optional(queue),
});

/** The explanation that a text is; undefined for any other text, whoever wrote it. */
export function readExplanation(json: string): Explanation | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  return explanation(value) ? (value as Explanation) : undefined;
}
