import type { MessageKind } from './messages/index.ts';

/** What listens: a license manager, a vendor daemon, or one port that is both. */
export type Role = 'manager' | 'daemon' | 'single';

/** How far a connection has come: nothing said yet, or a hello answered. */
export type Phase = 'fresh' | 'greeted';

type Row = { readonly [P in Phase]?: Phase };
type Table = { readonly [K in MessageKind]?: Row };

const anytime: Row = { fresh: 'greeted', greeted: 'greeted' };
const greeted: Row = { greeted: 'greeted' };

/**
 * What a client may say when, and the phase that follows; an absent cell is WIRE_ORDER: the message is refused
 * and changes nothing, the connection stays. A hello may come again: status clients ask the manager for one
 * daemon after the other on one connection.
 * Source: docs/protocol.md, "Order".
 */
export const phaseTables = {
  manager: {
    hello: anytime,
    command: greeted,
    identify: greeted,
    serverRequest: greeted,
    adminRequest: greeted,
    triadHello: greeted,
    triadWord: greeted,
  },
  daemon: {
    hello: anytime,
    legacyFeaturesRequest: greeted,
    legacyStatusRequest: greeted,
    featuresRequest: greeted,
    setsRequest: greeted,
    featureStatusRequest: greeted,
    identify: greeted,
    checkout: greeted,
    checkin: greeted,
    heartbeat: greeted,
    leaveQueue: greeted,
    borrow: greeted,
    returnBorrow: greeted,
    statusRequest: greeted,
    explain: greeted,
    adminRequest: greeted,
  },
} as const satisfies Record<string, Table>;

const tables: Record<Role, Table> = {
  ...phaseTables,
  single: { ...phaseTables.manager, ...phaseTables.daemon },
};

/** The phase after a message of `kind`; undefined when it has no place here. */
export function nextPhase(role: Role, phase: Phase, kind: MessageKind): Phase | undefined {
  return tables[role][kind]?.[phase];
}
