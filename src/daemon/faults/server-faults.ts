import type { Cancel, EpochMs } from '../../base/clock.ts';
import { KnownError } from '../../base/errors.ts';
import { limits } from '../../base/limits.ts';
import { didYouMean } from '../../base/nearest.ts';
import type { Notice } from '../server-config.ts';
import type { Traffic } from '../traffic.ts';
import { type ArmedFault, armedFault } from './armed-fault.ts';
import type { FaultBoard } from './fault-board.ts';
import type { FaultInForce } from './fault-in-force.ts';
import { faultRemark } from './fault-remark.ts';
import type { FaultTarget } from './fault-target.ts';
import type { ListedFault } from './listed-fault.ts';
import { type FaultInput, type FaultOrder, faultText, parseFault } from './order.ts';
import { faultRow } from './table.ts';

/** The rest of a server, as far as faults touch it. */
export interface FaultyServer {
  readonly board: FaultBoard;
  readonly seed: string;
  readonly timeZone: string | undefined;
  readonly traffic: Traffic;
  readonly now: () => EpochMs;
  readonly vendors: () => readonly string[];
  /** That the licenses have. */
  readonly features: () => readonly string[];
  readonly notice: Notice | undefined;
  readonly target: Omit<FaultTarget, 'vendors' | 'isWhole' | 'count' | 'end'>;
  /** Has other processes of the server arm these; resolves when they have. */
  readonly tellOthers: (armed: readonly ArmedFault[]) => Promise<void>;
  /** Hits in other processes, by id. */
  readonly hitsOfOthers: () => Promise<ReadonlyMap<string, number>>;
  /** Resolves when ports are as the faults in force want them. */
  readonly settled: () => Promise<void>;
}

/** The faults of a running server: put in force, listed, cleared. */
export class ServerFaults {
  readonly #server: FaultyServer;
  #armed: readonly ArmedFault[] = [];
  /** What faults do to the server as a whole, and how to end it. */
  readonly #acting = new Map<FaultInForce, Cancel>();
  #nextId = 1;

  constructor(server: FaultyServer) {
    this.#server = server;
    server.board.onChange(() => this.#act());
  }

  /** Of everything that faults leave to chance. */
  get seed(): string {
    return this.#server.seed;
  }

  /** Those that are armed, for a process that starts. */
  get armed(): readonly ArmedFault[] {
    return this.#armed;
  }

  /**
   * Puts a fault in force, or has it wait for its time; resolves when it is in force everywhere.
   * @throws KnownError USAGE for one that is none, an id that is taken, a vendor that the server does not have; for
   * more than `limits.faultsMax`
   */
  async add(input: FaultInput, where = 'fault'): Promise<ListedFault> {
    const [added] = await this.addAll([parseFault(input, where)], where);
    return added!;
  }

  /** All of them or none. @throws KnownError USAGE as `add` does */
  async addAll(orders: readonly FaultOrder[], where = 'fault'): Promise<readonly ListedFault[]> {
    const added = this.#newFaults(orders, where);
    await this.#put([...this.#armed, ...added]);
    const listed = await this.#listed(added);
    for (const { id, remark } of listed)
      if (remark !== undefined) this.#server.notice?.('fault of no feature', { id, remark });
    return listed;
  }

  #newFaults(orders: readonly FaultOrder[], where: string): readonly ArmedFault[] {
    this.check(orders, where);
    const { seed, timeZone, now } = this.#server;
    const taken = new Set(this.#armed.map(({ id }) => id));
    if (taken.size + orders.length > limits.faultsMax) {
      const text = `${where}: expected at most ${limits.faultsMax} faults at a time, got more`;
      throw new KnownError('USAGE', text);
    }
    return orders.map((order) => {
      const id = order.words['id'] ?? this.#freeId(taken);
      if (taken.has(id)) {
        const text = `${where} ${order.fault}: expected an id that is free, got "${id}" again`;
        throw new KnownError('USAGE', text);
      }
      taken.add(id);
      return armedFault(id, order, { now: now(), seed, timeZone });
    });
  }

  #freeId(taken: ReadonlySet<string>): string {
    while (taken.has(`f${this.#nextId}`)) this.#nextId++;
    return `f${this.#nextId++}`;
  }

  /** @throws KnownError USAGE for a vendor or members that the server does not have */
  check(orders: readonly FaultOrder[], where = '--fault'): void {
    const known = this.#server.vendors();
    for (const { fault, words } of orders) {
      faultRow(fault).check?.(words, this.#server.target);
      for (const vendor of words['vendor']?.split(',') ?? []) {
        if (known.some((each) => each.toLowerCase() === vendor.toLowerCase())) continue;
        const list = known.join(', ');
        const meant = didYouMean(vendor, known);
        const text = `${where} ${fault}: expected vendor= one of ${list}, got "${vendor}"${meant}`;
        throw new KnownError('USAGE', text);
      }
    }
  }

  /** Those that were put in force and not cleared, in that order. */
  async list(): Promise<readonly ListedFault[]> {
    return this.#listed(this.#armed);
  }

  /**
   * Ends one fault, or all; resolves when nothing of it is left. Gives what was cleared.
   * @throws KnownError USAGE for an id that none has
   */
  async clear(id?: string): Promise<readonly ListedFault[]> {
    const gone = this.#armed.filter((fault) => id === undefined || fault.id === id);
    if (id !== undefined && gone.length === 0) {
      const ids = this.#armed.map((fault) => fault.id);
      const known = ids.length === 0 ? 'none: no fault is armed' : `one of ${ids.join(', ')}`;
      const text = `fault clear: expected an id, ${known}, got "${id}"${didYouMean(id, ids)}`;
      throw new KnownError('USAGE', text);
    }
    const listed = await this.#listed(gone);
    await this.#put(this.#armed.filter((fault) => !gone.includes(fault)));
    return listed;
  }

  /** Ends all, and numbers them anew: for a reset. */
  async reset(): Promise<void> {
    await this.#put([]);
    this.#nextId = 1;
  }

  /** Nothing of its own accord any more: the server stops. */
  stop(): void {
    this.#server.board.stop();
    this.#acting.clear();
  }

  async #put(armed: readonly ArmedFault[]): Promise<void> {
    const { board, traffic, tellOthers, settled } = this.#server;
    this.#armed = armed;
    board.put(armed);
    await traffic.during(Promise.all([tellOthers(armed), settled()]));
  }

  /** What acts on the server as a whole begins, or ends. */
  #act(): void {
    const { board } = this.#server;
    for (const [fault, end] of this.#acting) {
      if (board.isActive(fault)) continue;
      this.#acting.delete(fault);
      end();
    }
    for (const fault of board.active) {
      if (!this.#acting.has(fault)) this.#begin(fault);
    }
  }

  #begin(fault: FaultInForce): void {
    const { target, vendors, board } = this.#server;
    const named = fault.values['vendor'] as readonly string[] | undefined;
    this.#acting.set(fault, () => {});
    const { arm, port, logs } = fault.row;
    if (port !== undefined || logs === true) fault.count();
    if (arm === undefined) return;
    const end = arm(
      {
        ...target,
        vendors: named ?? vendors(),
        isWhole: fault.isWhole,
        count: () => fault.count(),
        end: () => {
          fault.isDone = true;
          queueMicrotask(() => board.refresh());
        },
      },
      fault.values as never,
    );
    this.#acting.set(fault, end);
  }

  async #listed(faults: readonly ArmedFault[]): Promise<readonly ListedFault[]> {
    const { board, now, hitsOfOthers, features } = this.#server;
    const known = features();
    const elsewhere = await hitsOfOthers();
    const here = new Map(board.all.map((fault) => [fault.armed, fault]));
    const at = now();
    return faults.map((armed) => {
      const { id, order, from, to } = armed;
      const fault = here.get(armed);
      const remark = faultRemark(order, known);
      const isOver = fault?.isDone === true || (to !== undefined && to <= at);
      return {
        ...{ id, fault: order.fault, text: faultText(order), words: order.words },
        state: isOver ? 'over' : from > at ? 'waiting' : 'on',
        hits: (fault?.hits ?? 0) + (elsewhere.get(id) ?? 0),
        from,
        ...(to === undefined ? {} : { to }),
        ...(remark === undefined ? {} : { remark }),
      };
    });
  }
}
