import { KnownError } from '../../base/errors.ts';
import { parseDuration } from '../../base/time-words.ts';
import type { Distribution } from './distributions.ts';

const EXAMPLES =
  'a time such as 50ms, exp:500ms, uniform:1s,3s, lognormal:10m,1.2 or empirical:1s,2s,2s,9s';

/** Measured times that are read: what a day of sessions has. */
const VALUES_MAX = 100_000;

interface Form {
  readonly parts: (count: number) => boolean;
  readonly read: (parts: readonly string[], where: string) => Distribution | undefined;
}

/** The words for each kind of distribution. */
const forms: Readonly<Record<string, Form>> = {
  fixed: {
    parts: (count) => count === 1,
    read: ([ms = ''], where) => ({ kind: 'fixed', ms: parseDuration(ms, where) }),
  },
  exp: {
    parts: (count) => count === 1,
    read: ([mean = ''], where) => ({ kind: 'exponential', meanMs: parseDuration(mean, where) }),
  },
  uniform: {
    parts: (count) => count === 2,
    read: ([from = '', to = ''], where) => {
      const [fromMs, toMs] = [parseDuration(from, where), parseDuration(to, where)];
      return fromMs <= toMs ? { kind: 'uniform', fromMs, toMs } : undefined;
    },
  },
  lognormal: {
    parts: (count) => count === 2,
    read: ([median = '', sigma = ''], where) => {
      if (!/^\d{1,2}(\.\d{1,6})?$/.test(sigma) || Number(sigma) > 5) return undefined;
      const medianMs = parseDuration(median, where);
      return { kind: 'lognormal', medianMs, sigma: Number(sigma) };
    },
  },
  empirical: {
    parts: (count) => count >= 1 && count <= VALUES_MAX,
    read: (parts, where) => {
      return { kind: 'empirical', valuesMs: parts.map((part) => parseDuration(part, where)) };
    },
  },
};

/**
 * Reads `50ms`, `fixed:1s`, `exp:500ms` (its mean), `uniform:1s,3s`, `lognormal:10m,1.2` (median and sigma) or
 * `empirical:1s,2s,9s`.
 * @throws KnownError USAGE; `where` says what was read.
 */
export function parseDistribution(text: string, where: string): Distribution {
  const [, name = 'fixed', rest = ''] = /^(?:([a-z]+):)?(.*)$/s.exec(text.trim()) ?? [];
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  const parts = rest.split(',').map((part) => part.trim());
  const read = form?.parts(parts.length) ? form.read(parts, where) : undefined;
  if (read !== undefined) return read;
  const got = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  throw new KnownError('USAGE', `${where}: expected ${EXAMPLES}, got "${got}"`);
}

/** Arrivals a second of `200/s`, `200`, `90/m`, `5000/h` or `0.5/s`. @throws KnownError USAGE */
export function parseRate(text: string, where: string): number {
  const match = /^(\d{1,9}(?:\.\d{1,6})?)(?:\/(s|m|min|h))?$/.exec(text.trim());
  const seconds = { s: 1, m: 60, min: 60, h: 3600 }[match?.[2] ?? 's'] ?? 1;
  if (match) return Number(match[1]) / seconds;
  const got = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  throw new KnownError('USAGE', `${where}: expected a rate such as 200/s or 90/m, got "${got}"`);
}
