import type { Ledger } from '../domain/ledger/state.ts';
import type { ClientType } from '../domain/options/model.ts';
import { optionEchoes } from '../text/debug-log-start.ts';

/** FlexNet's word for a group of users is another in the log than in the options file. */
const echoedTypes: Readonly<Partial<Record<ClientType, string>>> = { GROUP: 'USER_GROUP' };

const HOUR_MS = 60 * 60 * 1000;

/** Characters of a line's signature that stand for its key. Source: public logs. */
const KEY_CHARACTERS = 20;

/** What a daemon repeats of the options that are in force. */
export function optionEchoesOf(ledger: Ledger): readonly string[] {
  return [...timeouts(ledger), ...borrows(ledger), ...reservations(ledger)];
}

/** A line for each feature that TIMEOUT or TIMEOUTALL is about, or one for all. */
function timeouts({ pools }: Ledger): readonly string[] {
  const seconds = new Map<string, number | undefined>();
  for (const { feature, timeoutMs } of pools.values()) {
    if (!seconds.has(feature)) {
      seconds.set(feature, timeoutMs === undefined ? undefined : timeoutMs / 1000);
    }
  }
  const [first] = seconds.values();
  const all = seconds.size > 1 && [...seconds.values()].every((each) => each === first);
  if (all && first !== undefined) return [optionEchoes.timeoutAll(first)];
  return [...seconds].flatMap(([feature, each]) =>
    each === undefined ? [] : [optionEchoes.timeout(feature, each)],
  );
}

/** Where MAX_BORROW_HOURS lowers what the license says. */
function borrows({ pools }: Ledger): readonly string[] {
  const lines = [...pools.values()].flatMap(({ feature, borrow }) =>
    borrow?.isLowered ? [optionEchoes.maxBorrow(feature, borrow.longestMs / HOUR_MS)] : [],
  );
  return [...new Set(lines)];
}

function reservations(ledger: Ledger): readonly string[] {
  return [...ledger.pools.values()].flatMap(({ feature, definition, reservations }) => {
    const { attributes, key: written } = definition.lines[0]!;
    const key = (written ?? attributes.sign ?? '').slice(0, KEY_CHARACTERS).trimEnd();
    return reservations.map(({ rule: { count, client } }) => {
      const type = echoedTypes[client.type] ?? client.type;
      return optionEchoes.reserve({ count, feature, key, type, name: client.name });
    });
  });
}
