import { Rng } from '../../../src/base/rng.ts';
import { TriadMember } from '../../../src/domain/triad/member.ts';
import { type TriadTiming, triadTiming } from '../../../src/domain/triad/timing.ts';
import { EventQueue } from './event-queue.ts';
import { SimulatedClients } from './simulated-clients.ts';
import { SimulatedDaemon } from './simulated-daemon.ts';
import { expectMaster, expectSafe, expectSeats } from './simulated-invariants.ts';
import { SimulatedLinks } from './simulated-links.ts';
import {
  grants,
  localTime,
  type Machine,
  slowest,
  threeMachines,
  trueTime,
} from './simulated-machine.ts';
import { othersOf, SimulatedTroubles } from './simulated-troubles.ts';
import { type Defects, type Weather, weatherOf } from './weather.ts';

const TROUBLES = 12;
/** Beyond the documented time: a few words back and forth, tried again where a vote was not free yet. */
const SLACK_MS = 2_000;
/** Behind that, until clients hold their seats: a start of the daemons, and an attempt each second. */
const RECONNECT_MS = 5_000;

/**
 * Three members of a triad on machines of their own, in simulated time: words are lost, late, repeated and out of
 * order, processes die and come back, links are cut or reset, clocks drift. Throws what an invariant says when it
 * does not hold; `story` tells what happened until then.
 */
export class SimulatedTriad {
  readonly story: string[] = [];
  readonly #rng: Rng;
  readonly #weather: Weather;
  readonly #timing: TriadTiming;
  readonly #queue = new EventQueue();
  readonly #machines: readonly Machine[];
  readonly #links: SimulatedLinks;
  readonly #troubles: SimulatedTroubles;
  readonly #clients: SimulatedClients;
  readonly #defects: Defects;
  #troubledAt = 0;
  #lastEpoch = 0;

  constructor(seed: string, defects: Defects = {}) {
    this.#defects = defects;
    const rng = new Rng(seed);
    this.#rng = rng.fork('events');
    this.#weather = weatherOf(rng.fork('weather'));
    const { timing = (usual) => usual } = defects;
    this.#timing = timing(triadTiming(this.#weather.intervalSeconds));
    this.#machines = threeMachines(rng.fork('clocks'));
    this.#links = new SimulatedLinks(this.#queue, this.#rng, this.#weather, (machine, input) =>
      this.#input(machine, input),
    );
    this.#clients = new SimulatedClients(this.#queue, rng.fork('clients'), {
      delay: () => this.#links.delay(),
      ask: (place, client, session) => this.#ask(this.#machines[place]!, client, session),
      leave: (place, session) => this.#leave(this.#machines[place]!, session),
    });
    this.#troubles = new SimulatedTroubles({
      queue: this.#queue,
      rng: this.#rng,
      machines: this.#machines,
      links: this.#links,
      start: (machine) => this.#start(machine),
      crash: (machine) => this.#crash(machine),
      breakClient: () => this.#clients.breakOne(),
      note: (text) => this.#note(text),
    });
    this.#note(JSON.stringify(this.#weather));
  }

  /** The whole run: troubles, then calm, in which a master has to come about. */
  run(): void {
    for (const machine of this.#machines)
      this.#queue.in(this.#below(2_000), () => this.#start(machine));
    let at = 0;
    for (let trouble = 0; trouble < TROUBLES; trouble++) {
      at += this.#below(this.#weather.calmMsMax);
      this.#queue.at(at, () => {
        this.#troubledAt = this.#queue.now;
        this.#troubles.next();
      });
    }
    this.#advance(at + this.#below(this.#weather.calmMsMax));
    this.#troubledAt = this.#queue.now;
    this.#clients.stay();
    this.#troubles.end();
    // What is on its way is old by now.
    this.#advance(this.#queue.now + this.#weather.delayMsMax);
    this.#advance(this.#queue.now + this.#withinMs + this.#weather.stopMsMax);
    expectMaster(this.#machines, this.#weather);
    this.#advance(
      this.#queue.now + this.#weather.stopMsMax + this.#weather.startMsMax + RECONNECT_MS,
    );
    expectSeats(this.#machines);
  }

  /** The documented time of a failover, by the slowest of the clocks. */
  get #withinMs(): number {
    return slowest(triadTiming(this.#weather.intervalSeconds).timeoutMs) + SLACK_MS;
  }

  /** Seats given, over all epochs. */
  grants = 0;
  /** How often masters were elected. */
  elections = 0;

  #advance(until: number): void {
    this.#queue.run(until, () =>
      expectSafe({
        machines: this.#machines,
        links: this.#links,
        weather: this.#weather,
        now: this.#queue.now,
        troubledAt: this.#troubledAt,
        withinMs: this.#withinMs,
      }),
    );
  }

  #below(bound: number): number {
    return this.#rng.below(bound + 1);
  }

  #note(text: string): void {
    this.story.push(`${this.#queue?.now ?? 0}: ${text}`);
  }

  // Processes.

  #start(machine: Machine): void {
    if (machine.member !== undefined) return;
    machine.life++;
    this.#troubledAt = this.#queue.now;
    const { primaryIsMaster, otherOrder } = this.#weather;
    const order = otherOrder && machine.index === 2 ? [1, 0, 2] : [0, 1, 2];
    const boot = 1 + this.#rng.below(2 ** 32 - 1);
    machine.member = new TriadMember(
      { self: machine.index, order, primaryIsMaster, timing: this.#timing, boot },
      this.#local(machine),
    );
    this.#note(`${machine.index} starts`);
    for (const other of othersOf(machine, this.#machines))
      this.#links.dial(machine, other, machine.life);
    this.#done(machine);
  }

  #crash(machine: Machine): void {
    if (machine.member === undefined) return;
    this.#note(`${machine.index} dies`);
    machine.member = undefined;
    machine.life++;
    this.#troubledAt = this.#queue.now;
    machine.wanted = false;
    this.#daemonEnds(machine);
    for (const other of othersOf(machine, this.#machines)) {
      // Its machine tells those that it reaches.
      if (this.#links.isCut(machine, other)) continue;
      const life = other.life;
      this.#queue.in(this.#links.delay(), () => {
        if (other.life === life) this.#links.closed(other, machine);
      });
    }
  }

  // Members.

  #local(machine: Machine): number {
    return localTime(machine, this.#queue.now);
  }

  #input(machine: Machine, input: (member: TriadMember, now: number) => void): void {
    const { member } = machine;
    if (member === undefined) return;
    input(member, this.#local(machine));
    this.#done(machine);
  }

  #done(machine: Machine): void {
    const { member, life } = machine;
    if (member === undefined) return;
    for (const effect of member.take()) {
      if (effect.kind === 'send')
        this.#links.send(machine, effect.word, this.#machines[effect.to]!);
      else if (effect.kind === 'startDaemons') this.#startDaemons(machine, life);
      else if (effect.kind === 'stopDaemons') this.#stopDaemons(machine, life);
      else if (effect.kind === 'redial')
        this.#links.dial(machine, this.#machines[effect.peer]!, life);
      else this.#note(`${machine.index}: ${JSON.stringify(effect.news)}`);
    }
    this.#arm(machine);
  }

  #startDaemons(machine: Machine, life: number): void {
    machine.epoch = ++this.elections;
    this.#note(`${machine.index} is master, epoch ${machine.epoch}`);
    machine.wanted = true;
    if (machine.daemons === 'down') this.#launch(machine, life);
  }

  #launch(machine: Machine, life: number): void {
    machine.daemons = 'starting';
    this.#queue.in(this.#below(this.#weather.startMsMax), () => {
      if (machine.life !== life || machine.daemons !== 'starting') return;
      machine.daemons = 'up';
      machine.daemon = new SimulatedDaemon(this.#local(machine), this.#defects.spareSeats);
    });
  }

  /** What is to start meanwhile waits for it. */
  #stopDaemons(machine: Machine, life: number): void {
    this.#note(`${machine.index} stops its daemons`);
    machine.daemons = 'stopping';
    machine.wanted = false;
    this.#queue.in(this.#below(this.#weather.stopMsMax), () => {
      if (machine.life !== life) return;
      if (machine.daemons === 'stopping') this.#daemonEnds(machine);
      this.#input(machine, (member, now) => member.daemonsDown(now));
      if (machine.wanted && machine.daemons === 'down') this.#launch(machine, life);
    });
  }

  #arm(machine: Machine): void {
    const timer = ++machine.timer;
    const { deadline } = machine.member!;
    if (deadline === Number.POSITIVE_INFINITY) return;
    this.#queue.at(Math.max(trueTime(machine, deadline), this.#queue.now), () => {
      if (machine.timer === timer) this.#input(machine, (member, now) => member.tick(now));
    });
  }

  #daemonEnds(machine: Machine): void {
    const faults = machine.daemon?.faults ?? [];
    if (faults.length > 0) throw new Error(`the ledger of ${machine.index}: ${faults.join('; ')}`);
    machine.daemons = 'down';
    machine.daemon = undefined;
    this.#clients.lost(machine.index);
  }

  // Seats.

  /** What a daemon answers a client, as ours do: nothing at all when its master's lease has lapsed. */
  #ask(machine: Machine, client: number, session: number): 'granted' | 'denied' | 'none' {
    const { daemon, epoch, index } = machine;
    if (
      daemon === undefined ||
      (!grants(machine, this.#queue.now) && !this.#defects.ignoresLease)
    ) {
      return 'none';
    }
    if (!daemon.checkout(client, session, this.#local(machine))) return 'denied';
    if (epoch < this.#lastEpoch) {
      throw new Error(`${index} grants in epoch ${epoch}, when ${this.#lastEpoch} has granted`);
    }
    this.grants++;
    this.#lastEpoch = epoch;
    const out = daemon.holders.length;
    if (out > SimulatedDaemon.licensed) {
      throw new Error(`${out} seats out of ${SimulatedDaemon.licensed} at ${index}`);
    }
    return 'granted';
  }

  #leave(machine: Machine, session: number): void {
    machine.daemon?.disconnect(session, this.#local(machine));
  }
}
