import type { Rng } from '../../../src/base/rng.ts';
import type { EventQueue } from './event-queue.ts';
import type { SimulatedLinks } from './simulated-links.ts';
import type { Machine } from './simulated-machine.ts';

/** What troubles befall. */
export interface TroubledWorld {
  readonly queue: EventQueue;
  readonly rng: Rng;
  readonly machines: readonly Machine[];
  readonly links: SimulatedLinks;
  readonly start: (machine: Machine) => void;
  readonly crash: (machine: Machine) => void;
  /** The connection of some client breaks. */
  readonly breakClient: () => void;
  readonly note: (text: string) => void;
}

const RESTART_MS_MAX = 3_000;

/** What goes wrong in a simulated triad, each time something else: processes, links, connections. */
export class SimulatedTroubles {
  readonly #world: TroubledWorld;

  constructor(world: TroubledWorld) {
    this.#world = world;
  }

  next(): void {
    const { rng, machines, breakClient, crash, start, links, note } = this.#world;
    if (rng.chance(1, 4)) breakClient();
    const machine = rng.pick(machines);
    const kinds: readonly (() => void)[] = [
      () => crash(machine),
      () => this.#crashMaster(),
      () => start(machine),
      () => this.#crashAndStart(machine),
      () => this.#partition(),
      () => this.#partition(),
      () => this.#cutOne(machine),
      () => {
        note('healed');
        links.heal();
      },
      () => this.#reset(machine),
    ];
    rng.pick(kinds)();
  }

  #crashMaster(): void {
    const { machines, crash } = this.#world;
    const master = machines.find(({ member }) => member?.serving);
    if (master) crash(master);
  }

  #crashAndStart(machine: Machine): void {
    const { crash, start, queue, rng, links } = this.#world;
    crash(machine);
    queue.in(rng.below(RESTART_MS_MAX + 1), () => {
      if (!links.calm) start(machine);
    });
  }

  /** One apart from the others, or all apart. */
  #partition(): void {
    const { rng, note, machines, links } = this.#world;
    const alone = rng.below(4);
    note(`apart: ${alone === 3 ? 'all' : alone}`);
    for (const one of machines) {
      if (alone !== 3 && one.index !== alone) continue;
      for (const other of othersOf(one, machines)) links.cut(one, other);
    }
  }

  #cutOne(machine: Machine): void {
    const { machines, note, links } = this.#world;
    const [other] = othersOf(machine, machines);
    note(`cut ${machine.index} from ${other!.index}`);
    links.cut(machine, other!);
  }

  /** A line breaks although both live: one end hears of it, and perhaps the other. */
  #reset(machine: Machine): void {
    const { rng, machines, note, links } = this.#world;
    const other = rng.pick(othersOf(machine, machines));
    note(`reset between ${machine.index} and ${other.index}`);
    if (machine.member) links.closed(machine, other);
    if (other.member && rng.chance(1, 2)) links.closed(other, machine);
  }

  /** All troubles end; two or three run on, and one that does not may have left its host silent. */
  end(): void {
    const { machines, rng, note, links, start } = this.#world;
    const dead = machines.find(({ member }) => member === undefined);
    const silent = dead !== undefined && rng.chance(1, 2);
    note(`calm${dead ? `, without ${dead.index}${silent ? ', which is silent' : ''}` : ''}`);
    links.calm = true;
    links.heal();
    for (const machine of machines) {
      if (machine !== dead) start(machine);
      else if (silent) for (const other of othersOf(machine, machines)) links.cut(machine, other);
    }
  }
}

export function othersOf({ index }: Machine, machines: readonly Machine[]): readonly Machine[] {
  return machines.filter((each) => each.index !== index);
}
