import type { Ledger } from '../domain/ledger/state.ts';
import type { ClientType } from '../domain/options/model.ts';
import { optionEchoes } from '../text/debug-log-start.ts';

/** FlexNet's word for a group of users is another in the log than in the options file. */
const echoedTypes: Readonly<Partial<Record<ClientType, string>>> = { GROUP: 'USER_GROUP' };

/** Characters of a line's signature that stand for its key. Source: public logs. */
const KEY_CHARACTERS = 20;

/** What a daemon repeats of the options that are in force, pool by pool. */
export function optionEchoesOf(ledger: Ledger): readonly string[] {
  return [...ledger.pools.values()].flatMap(({ feature, definition, reservations }) => {
    const { attributes, key: written } = definition.lines[0]!;
    const key = (written ?? attributes.sign ?? '').slice(0, KEY_CHARACTERS).trimEnd();
    return reservations.map(({ rule: { count, client } }) => {
      const type = echoedTypes[client.type] ?? client.type;
      return optionEchoes.reserve({ count, feature, key, type, name: client.name });
    });
  });
}
