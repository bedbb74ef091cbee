import type { Rng } from '../../base/rng.ts';

/** A time that is the same each time, or drawn anew. All times in milliseconds. */
export type Distribution =
  | { readonly kind: 'fixed'; readonly ms: number }
  | { readonly kind: 'uniform'; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: 'exponential'; readonly meanMs: number }
  /** Half of them are below the median; `sigma` is the standard deviation of their logarithm. */
  | { readonly kind: 'lognormal'; readonly medianMs: number; readonly sigma: number }
  /** Measured times, each as likely as the others. */
  | { readonly kind: 'empirical'; readonly valuesMs: readonly number[] };

/** One time, 0 or more. How many numbers are taken from `rng` depends on the kind only. */
export function drawn(distribution: Distribution, rng: Rng): number {
  switch (distribution.kind) {
    case 'fixed':
      return distribution.ms;
    case 'uniform':
      return distribution.fromMs + rng.unit() * (distribution.toMs - distribution.fromMs);
    case 'exponential':
      return distribution.meanMs * exponential(rng);
    case 'lognormal':
      return distribution.medianMs * Math.exp(distribution.sigma * normal(rng));
    case 'empirical':
      return distribution.valuesMs[Math.floor(rng.unit() * distribution.valuesMs.length)]!;
  }
}

/** What many draws come to on average. */
export function meanOf(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'fixed':
      return distribution.ms;
    case 'uniform':
      return (distribution.fromMs + distribution.toMs) / 2;
    case 'exponential':
      return distribution.meanMs;
    case 'lognormal':
      return distribution.medianMs * Math.exp(distribution.sigma ** 2 / 2);
    case 'empirical':
      return distribution.valuesMs.reduce((sum, ms) => sum + ms, 0) / distribution.valuesMs.length;
  }
}

/** Of mean 1. */
export function exponential(rng: Rng): number {
  return -Math.log1p(-rng.unit());
}

/** Of mean 0 and variance 1, by Box and Muller; two draws each time, so that streams stay in step. */
export function normal(rng: Rng): number {
  const radius = Math.sqrt(2 * exponential(rng));
  return radius * Math.cos(2 * Math.PI * rng.unit());
}
