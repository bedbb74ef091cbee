import { expectationTable } from './expectation-table.ts';
import type { Scenario } from './loading.ts';
import type { ServerSetup } from './setup.ts';
import { type Need, needs } from './stand.ts';
import type { RawStep } from './step-row.ts';
import { stepTable } from './step-table.ts';

/** Everything a scenario needs that not every stand has. */
function requirementsOf({ servers, faults, invariants, steps }: Scenario): ReadonlySet<Need> {
  return new Set<Need>([
    ...(servers.length > 1 ? (['many'] as const) : []),
    ...(faults.length > 0 ? (['lives'] as const) : []),
    ...servers.flatMap(ofSetup),
    ...invariants.flatMap(ofExpectation),
    ...steps.flatMap(ofStep),
  ]);
}

/** Connections and days are of daemons, not of ledgers. */
function ofSetup({ options, started, timeZone }: ServerSetup): readonly Need[] {
  if (timeZone !== undefined) return ['tools'];
  const counts = Object.values(options).some((text) => /^\s*MAX_CONNECTIONS\b/im.test(text));
  return [...(counts ? (['tools'] as const) : []), ...(started ? [] : (['lives'] as const))];
}

function ofStep(raw: RawStep): readonly Need[] {
  const verb = Object.keys(stepTable).find((each) => raw[each] !== undefined);
  const row = verb === undefined ? undefined : stepTable[verb];
  const words = raw[verb ?? ''];
  const waits = raw['at'] !== undefined || raw['within'] !== undefined;
  return [
    ...(waits ? (['clock'] as const) : []),
    ...(row?.needs?.(words) ?? []),
    ...ofExpectation(raw['expect']),
    ...(row?.nested?.(words) ?? []).flatMap(ofStep),
  ];
}

function ofExpectation(words: unknown): readonly Need[] {
  if (typeof words !== 'object' || words === null) return [];
  return Object.keys(words).flatMap((name) => expectationTable[name]?.needs ?? []);
}

/** Why a scenario cannot be carried out by a stand that lacks something; undefined when it can. */
export function obstacle(scenario: Scenario, lacks: readonly Need[]): string | undefined {
  const wanted = requirementsOf(scenario);
  const missing = lacks.filter((need) => wanted.has(need));
  if (missing.length === 0) return undefined;
  return `needs ${missing.map((need) => needs[need]).join(', ')}`;
}
