import type { PackageLine } from '../license/model.ts';
import type { PoolDefinition } from '../license/pool-definition.ts';
import type { FeatureSpec } from './model.ts';
import { selectorKey, selectorKeysOf } from './selectors.ts';

/** What an options file is about. */
export interface RuleSubject {
  /** In the order in which they are tried. */
  readonly definitions: readonly PoolDefinition[];
  /** A package's name stands for its components. */
  readonly packages?: readonly PackageLine[];
  /** Feature names differ by letter case too. */
  readonly caseSensitive?: boolean;
}

/** Finds the pools that options lines name, each by a look or two. */
export class PoolIndex {
  readonly #caseSensitive: boolean;
  /** By feature, in trying order. */
  readonly #byFeature = new Map<string, PoolDefinition[]>();
  /** By package: the features it stands for, its own name first if it is one. */
  readonly #features = new Map<string, Set<string>>();
  /** By feature and selector, for the features of which a selector was asked. */
  readonly #bySelector = new Map<string, ReadonlyMap<string, readonly PoolDefinition[]>>();

  constructor({ definitions, packages = [], caseSensitive = false }: RuleSubject) {
    this.#caseSensitive = caseSensitive;
    for (const definition of definitions) {
      listed(this.#byFeature, this.#key(definition.feature)).push(definition);
    }
    for (const { name, components } of packages) {
      const features = this.#features.get(this.#key(name)) ?? new Set([this.#key(name)]);
      for (const component of components) features.add(this.#key(component.name));
      this.#features.set(this.#key(name), features);
    }
  }

  /**
   * The pools a spec names, a list for each feature. A spec without a selector names all pools of the
   * feature; a package's name is that of its components too. Source: LAG, "Specifying Features". unverified: of
   * a component that has pools outside the package only those of the package are meant.
   */
  *featuresNamed(spec: FeatureSpec): Generator<readonly PoolDefinition[]> {
    const name = this.#key(spec.feature);
    for (const feature of this.#features.get(name) ?? [name]) {
      const picked = this.#picked(feature, spec.selector);
      const own = feature === name ? [] : picked.filter((pool) => this.#isOf(pool, name));
      const pools = own.length > 0 ? own : picked;
      if (pools.length > 0) yield pools;
    }
  }

  /** True if the feature of these pools has no others, and of them only one. */
  isOnly(pools: readonly PoolDefinition[]): boolean {
    return this.#byFeature.get(this.#key(pools[0]!.feature))?.length === 1;
  }

  #picked(feature: string, selector: FeatureSpec['selector']): readonly PoolDefinition[] {
    const pools = this.#byFeature.get(feature) ?? [];
    if (selector === undefined) return pools;
    const key = selectorKey(selector);
    if (key === undefined) return [];
    let bySelector = this.#bySelector.get(feature);
    if (bySelector === undefined) {
      bySelector = filedBySelector(pools);
      this.#bySelector.set(feature, bySelector);
    }
    return bySelector.get(key) ?? [];
  }

  #isOf({ package: role }: PoolDefinition, name: string): boolean {
    return role !== undefined && this.#key(role.name) === name;
  }

  #key(name: string): string {
    return this.#caseSensitive ? name : name.toLowerCase();
  }
}

/** A pool is picked by the selectors of each of its lines. */
function filedBySelector(
  pools: readonly PoolDefinition[],
): ReadonlyMap<string, readonly PoolDefinition[]> {
  const filed = new Map<string, PoolDefinition[]>();
  for (const pool of pools) {
    for (const key of new Set(pool.lines.flatMap(selectorKeysOf))) listed(filed, key).push(pool);
  }
  return filed;
}

function listed(map: Map<string, PoolDefinition[]>, key: string): PoolDefinition[] {
  const known = map.get(key);
  if (known !== undefined) return known;
  const list: PoolDefinition[] = [];
  map.set(key, list);
  return list;
}
