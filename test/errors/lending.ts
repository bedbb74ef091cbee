import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { KnownError } from '../../src/base/errors.ts';
import { BorrowedLicenses } from '../../src/client/borrowed-licenses.ts';
import { connectClient } from '../../src/client/client.ts';
import type { ClientCheckout, ClientRefusal } from '../../src/client/client-answers.ts';
import { refusalOfLoss } from '../../src/client/seat-losses.ts';
import type { CheckoutCommand } from '../../src/domain/ledger/commands.ts';
import type { LedgerEvent } from '../../src/domain/ledger/events.ts';
import { decide } from '../../src/domain/ledger/ledger.ts';
import { checkoutBytes, greeted, MARK } from '../daemon/raw-client.ts';
import { lines } from '../lmutil/test-io.ts';
import {
  makeCheckout,
  makeExpiry,
  makeFeatureLine,
  makeLedger,
  makePoolDefinition,
  monday,
} from '../make.ts';
import { manager, type Provoke, type Stage, served, solve, tool } from './provoked.ts';

/** Those about waiting, borrowing and clocks. */
export const lendingProducers: Readonly<Record<number, Provoke>> = {
  [-24]: async (stage) => {
    const two = 'INCREMENT solve acmed 1.0 permanent 2 SIGN=00';
    const { address } = await manager(stage, licensed(two));
    const [ann, ben, cat] = await clients(stage, address, 'ann', 'ben', 'cat');
    await ann!.checkout('solve');
    await ben!.checkout('solve', { count: 2, whenInUse: 'queue' });
    return codeOf(await cat!.checkout('solve'));
  },
  [-34]: async () => ledgerCode({ skewMs: 2 * DAY_MS }, monday),
  [-35]: async (stage) => {
    const { address } = await manager(stage, {});
    const [ann, ben] = await clients(stage, address, 'ann', 'ben');
    await ann!.checkout('solve');
    return codeOf(await ben!.checkout('solve', { whenInUse: 'queue' }));
  },
  [-67]: (stage) => borrowing(stage, `${solve} BORROW`, '1h', ['BORROW_LOWWATER solve 1']),
  [-68]: (stage) => borrowing(stage, solve, '1h'),
  [-88]: async () => ledgerCode({}, monday - 2 * DAY_MS),
  [-92]: async (stage) => {
    const path = stage.file('a.lic', 'SERVER this_host ANY', 'VENDOR acmed', solve);
    const server = await manager(stage, { licenses: [path] });
    const client = await greeted(server.vendors[0]!.port, 'acmed', { mark: MARK });
    stage.defer(() => client.end());
    client.send(checkoutBytes('solve'));
    await client.message();
    stage.file('a.lic', 'SERVER this_host ANY', 'VENDOR acmed', solve.replace('solve', 'other'));
    await server.reread();
    const { bytes } = await client.message();
    return refusalOfLoss(bytes[29]!).refusal.major;
  },
  [-104]: (stage) => borrowing(stage, `${solve} BORROW=1`, '2h'),
  [-117]: async (stage) => {
    const { server, client } = await lender(stage);
    server.daemon('acmed')!.borrows!.add = diskFull;
    return codeOf(await client.borrow('solve', { until: '1h' }));
  },
  [-118]: (stage) => borrowing(stage, `${solve} BORROW`, '1-jan-2001'),
  [-120]: async (stage) => {
    const { server, client } = await lender(stage);
    await client.borrow('solve', { until: '1h' });
    return tool(['lmdown', '-q', '-c', server.address]);
  },
  [-122]: async (stage) => {
    const { server, client } = await lender(stage);
    await client.borrow('solve', { until: '1h' });
    const home = mkdtempSync(join(tmpdir(), 'errors-home-'));
    stage.defer(() => rmSync(home, { recursive: true }));
    const now = Date.now();
    new BorrowedLicenses(home).add({
      ...{ vendor: 'acmed', feature: 'solve', version: '1.0', count: 1, handle: 101 },
      ...{ user: 'ann', host: 'ws1', server: server.address },
      ...{ borrowedAt: now, until: now + DAY_MS, serverUntil: now + DAY_MS },
    });
    const remove = vi.spyOn(BorrowedLicenses.prototype, 'remove').mockImplementation(() => {
      throw new KnownError('FILE_UNREADABLE', 'the folder is read-only');
    });
    stage.defer(() => remove.mockRestore());
    return tool(['lmborrow', '-return', '-u', 'ann', '-h', 'ws1', 'solve'], { home });
  },
  [-123]: async () => {
    const ledger = makeLedger([makePoolDefinition()], { earlyReturn: false });
    const borrower = { user: 'ann', host: 'ws1' };
    const asked = { kind: 'returnBorrow', session: 1, feature: 'solver', borrower } as const;
    return majorOf(decide(ledger, asked, monday));
  },
  [-124]: async (stage) => {
    const { server, client } = await lender(stage);
    await client.borrow('solve', { until: '1h' });
    server.daemon('acmed')!.borrows!.remove = diskFull;
    return (await client.returnBorrow('solve'))?.refusal.major ?? 0;
  },
  [-128]: async (stage) => {
    const { client } = await lender(stage);
    return (await client.returnBorrow('solve'))?.refusal.major ?? 0;
  },
  [-237]: (stage) => served(stage, [solve], ['MAX_CONNECTIONS 31'], { before: 1, as: 'ben' }),
};

const DAY_MS = 24 * 60 * 60 * 1000;

function licensed(...rows: readonly string[]) {
  const text = lines('SERVER this_host ANY', 'VENDOR acmed', ...rows);
  return { licenses: [{ name: 'a.lic', text }] };
}

async function clients(stage: Stage, server: string, ...users: readonly string[]) {
  const all = users.map((user) => connectClient({ server, user, host: 'ws1', vendor: 'acmed' }));
  const opened = await Promise.all(all);
  for (const each of opened) stage.defer(() => each.close());
  return opened;
}

function codeOf(result: ClientCheckout | ClientRefusal): number {
  return result.ok ? 0 : result.refusal.major;
}

/** What a client hears that wants to take a license along. */
async function borrowing(
  stage: Stage,
  row: string,
  until: string,
  options: readonly string[] = [],
): Promise<number> {
  const told = { acmed: { name: 'acmed.opt', text: lines(...options) } };
  const { address } = await manager(stage, { ...licensed(row), options: told });
  const [client] = await clients(stage, address, 'ann');
  return codeOf(await client!.borrow('solve', { until }));
}

/** A server that lends and writes it down, and a client of it. */
async function lender(stage: Stage) {
  const stateFolder = mkdtempSync(join(tmpdir(), 'errors-state-'));
  stage.defer(() => rmSync(stateFolder, { recursive: true }));
  const server = await manager(stage, { ...licensed(`${solve} BORROW`), stateFolder });
  const [client] = await clients(stage, server.address, 'ann');
  return { server, client: client! };
}

/** A disk that takes nothing more, where the store of borrows meets it. */
function diskFull(): Promise<never> {
  return Promise.reject(new KnownError('FILE_UNREADABLE', 'no space left on the device'));
}

/** What the ledger says to a checkout of a license that expires some day. */
function ledgerCode(request: Partial<CheckoutCommand>, now: number): number {
  const line = makeFeatureLine({ expiry: makeExpiry(2031, 1, 31) });
  const ledger = makeLedger([makePoolDefinition({ lines: [line] })]);
  return majorOf(decide(ledger, makeCheckout(request), now));
}

function majorOf(events: readonly LedgerEvent[]): number {
  const last = events.at(-1);
  return last && 'refusal' in last ? (last.refusal?.major ?? 0) : 0;
}
