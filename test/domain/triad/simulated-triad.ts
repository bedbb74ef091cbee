import { Rng } from '../../../src/base/rng.ts';
import { TriadMember } from '../../../src/domain/triad/member.ts';
import { type TriadTiming, triadTiming } from '../../../src/domain/triad/timing.ts';
import type { TriadWord } from '../../../src/domain/triad/word.ts';
import { EventQueue } from './event-queue.ts';
import { SimulatedClients } from './simulated-clients.ts';
import { SimulatedDaemon } from './simulated-daemon.ts';
import { type Defects, type Weather, weatherOf } from './weather.ts';

/** A member as a process on a machine of its own: its clock, its life, its daemons. */
interface Machine {
  readonly index: number;
  /** Local milliseconds per 1,000,000 true ones. */
  readonly rate: number;
  readonly offset: number;
  member: TriadMember | undefined;
  /** Counts its lives. */
  life: number;
  daemons: 'down' | 'starting' | 'up' | 'stopping';
  /** They are to serve, once those before have stopped. */
  wanted: boolean;
  timer: number;
  /** While they run. */
  daemon: SimulatedDaemon | undefined;
  /** Of its last election, counted over all members. */
  epoch: number;
}

const PPM = 1_000_000;
/** One part in a hundred. */
const DRIFT_PPM_MAX = 10_000;
const TROUBLES = 12;
const REDIAL_MS = 1_000;
/** Beyond the documented time: a few words back and forth, tried again where a vote was not free yet. */
const SLACK_MS = 2_000;
const SETTLED_DELAY_MS = 20;
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
  readonly #cuts = new Set<string>();
  readonly #clients: SimulatedClients;
  readonly #defects: Defects;
  #calm = false;
  #troubledAt = 0;
  #lastEpoch = 0;

  constructor(seed: string, defects: Defects = {}) {
    this.#defects = defects;
    const rng = new Rng(seed);
    this.#rng = rng.fork('events');
    this.#weather = weatherOf(rng.fork('weather'));
    const { timing = (usual) => usual } = defects;
    this.#timing = timing(triadTiming(this.#weather.intervalSeconds));
    const clocks = rng.fork('clocks');
    this.#machines = [0, 1, 2].map((index) => ({
      index,
      rate: PPM + clocks.below(2 * DRIFT_PPM_MAX + 1) - DRIFT_PPM_MAX,
      offset: clocks.below(1_000_000),
      member: undefined,
      life: 0,
      daemons: 'down',
      wanted: false,
      timer: 0,
      daemon: undefined,
      epoch: 0,
    }));
    this.#clients = new SimulatedClients(this.#queue, rng.fork('clients'), {
      delay: () => this.#delay(),
      ask: (place, client, session) => this.#ask(this.#machines[place]!, client, session),
      leave: (place, session) => this.#leave(this.#machines[place]!, session),
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
      this.#queue.at(at, () => this.#trouble());
    }
    this.#advance(at + this.#below(this.#weather.calmMsMax));
    this.#becomeCalm();
    // What is on its way is old by now.
    this.#advance(this.#queue.now + this.#weather.delayMsMax);
    this.#advance(this.#queue.now + this.#withinMs + this.#weather.stopMsMax);
    this.#expectMaster();
    this.#advance(
      this.#queue.now + this.#weather.stopMsMax + this.#weather.startMsMax + RECONNECT_MS,
    );
    this.#expectSeats();
  }

  /** The documented time of a failover, by the slowest of the clocks. */
  get #withinMs(): number {
    const { timeoutMs } = triadTiming(this.#weather.intervalSeconds);
    return Math.ceil((timeoutMs * PPM) / (PPM - DRIFT_PPM_MAX)) + SLACK_MS;
  }

  /** Seats given, over all epochs. */
  grants = 0;
  /** How often masters were elected. */
  elections = 0;

  #advance(until: number): void {
    this.#queue.run(until, () => this.#check());
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
    for (const other of this.#others(machine)) this.#dial(machine, other, machine.life);
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
    for (const other of this.#others(machine)) {
      // Its machine tells those that it reaches.
      if (this.#isCut(machine, other)) continue;
      const life = other.life;
      this.#queue.in(this.#delay(), () => {
        if (other.life === life) this.#closed(other, machine);
      });
    }
  }

  #others({ index }: Machine): readonly Machine[] {
    return this.#machines.filter((each) => each.index !== index);
  }

  // Links.

  #isCut(a: Machine, b: Machine): boolean {
    return this.#cuts.has([a.index, b.index].sort().join());
  }

  #delay(): number {
    return this.#below(this.#calm ? SETTLED_DELAY_MS : this.#weather.delayMsMax);
  }

  /** A line to another member: it stands, or is refused, or nobody answers and it is tried again. */
  #dial(from: Machine, to: Machine, life: number): void {
    if (from.life !== life || from.member === undefined) return;
    const boot = from.member.bootOf(to.index);
    const isCut = this.#isCut(from, to);
    const isRefused = !isCut && to.member === undefined;
    this.#queue.in(this.#delay(), () => {
      if (from.life !== life) return;
      if (!isCut && !isRefused) {
        this.#input(from, (member, now) => member.connected(to.index, now));
        return;
      }
      if (isRefused) this.#input(from, (member, now) => member.gone(to.index, boot, now));
      this.#queue.in(REDIAL_MS, () => this.#dial(from, to, life));
    });
  }

  /** The line ends for `machine`; it tries another at once. */
  #closed(machine: Machine, other: Machine): void {
    this.#input(machine, (member, now) => member.closed(other.index, now));
    this.#dial(machine, other, machine.life);
  }

  #send(from: Machine, word: TriadWord, to: Machine): void {
    const { lossPercent, duplicatePercent } = this.#weather;
    if (this.#isCut(from, to) || (!this.#calm && this.#rng.chance(lossPercent, 100))) return;
    const copies = !this.#calm && this.#rng.chance(duplicatePercent, 100) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const { life } = to;
      this.#queue.in(this.#delay(), () => {
        if (to.life === life) this.#input(to, (member, now) => member.receive(word, now));
      });
    }
  }

  // Troubles.

  #trouble(): void {
    this.#troubledAt = this.#queue.now;
    if (this.#rng.chance(1, 4)) this.#clients.breakOne();
    const machine = this.#rng.pick(this.#machines);
    const kinds: readonly (() => void)[] = [
      () => this.#crash(machine),
      () => this.#crashMaster(),
      () => this.#start(machine),
      () => this.#crashAndStart(machine),
      () => this.#partition(),
      () => this.#partition(),
      () => this.#cutOne(machine),
      () => this.#heal(),
      () => this.#reset(machine),
    ];
    this.#rng.pick(kinds)();
  }

  #crashMaster(): void {
    const master = this.#machines.find(({ member }) => member?.serving);
    if (master) this.#crash(master);
  }

  #crashAndStart(machine: Machine): void {
    this.#crash(machine);
    this.#queue.in(this.#below(3_000), () => {
      if (!this.#calm) this.#start(machine);
    });
  }

  /** One apart from the others, or all apart. */
  #partition(): void {
    const alone = this.#rng.below(4);
    this.#note(`apart: ${alone === 3 ? 'all' : alone}`);
    for (const pair of ['0,1', '0,2', '1,2']) {
      if (alone === 3 || pair.includes(`${alone}`)) this.#cuts.add(pair);
    }
  }

  #cutOne(machine: Machine): void {
    const [other] = this.#others(machine);
    this.#note(`cut ${machine.index} from ${other!.index}`);
    this.#cuts.add([machine.index, other!.index].sort().join());
  }

  #heal(): void {
    this.#note('healed');
    this.#cuts.clear();
  }

  /** A line breaks although both live: one end hears of it, and perhaps the other. */
  #reset(machine: Machine): void {
    const other = this.#rng.pick(this.#others(machine));
    this.#note(`reset between ${machine.index} and ${other.index}`);
    if (machine.member) this.#closed(machine, other);
    if (other.member && this.#rng.chance(1, 2)) this.#closed(other, machine);
  }

  /** All troubles end; two or three run on, and one that does not may have left its host silent. */
  #becomeCalm(): void {
    const dead = this.#machines.find(({ member }) => member === undefined);
    const silent = dead !== undefined && this.#rng.chance(1, 2);
    this.#note(`calm${dead ? `, without ${dead.index}${silent ? ', which is silent' : ''}` : ''}`);
    this.#calm = true;
    this.#troubledAt = this.#queue.now;
    this.#clients.stay();
    this.#cuts.clear();
    for (const machine of this.#machines) {
      if (machine !== dead) this.#start(machine);
      else if (silent)
        for (const other of this.#others(machine))
          this.#cuts.add([machine.index, other.index].sort().join());
    }
  }

  // Members.

  #local({ rate, offset }: Machine): number {
    return offset + Math.floor((this.#queue.now * rate) / PPM);
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
      if (effect.kind === 'send') this.#send(machine, effect.word, this.#machines[effect.to]!);
      else if (effect.kind === 'startDaemons') this.#startDaemons(machine, life);
      else if (effect.kind === 'stopDaemons') this.#stopDaemons(machine, life);
      else if (effect.kind === 'redial') this.#dial(machine, this.#machines[effect.peer]!, life);
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
    const { rate, offset } = machine;
    const at = Math.ceil(((deadline - offset) * PPM) / rate);
    this.#queue.at(Math.max(at, this.#queue.now), () => {
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
    if (daemon === undefined || (!this.#grants(machine) && !this.#defects.ignoresLease)) {
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

  // Invariants.

  /** Whether it would grant now: its daemons are up, and the lease that they look at has not lapsed. */
  #grants(machine: Machine): boolean {
    const { member, daemons } = machine;
    return member !== undefined && daemons === 'up' && this.#local(machine) < member.servingUntil;
  }

  #check(): void {
    const granting = this.#machines.filter((machine) => this.#grants(machine));
    if (granting.length > 1) {
      throw new Error(`members ${granting.map(({ index }) => index).join(' and ')} grant at once`);
    }
    const { lossPercent, delayMsMax } = this.#weather;
    const isClear = this.#calm || (lossPercent === 0 && delayMsMax <= SETTLED_DELAY_MS);
    const isDue = this.#queue.now - this.#troubledAt > this.#withinMs + this.#weather.stopMsMax;
    if (!isClear || !isDue || !this.#hasQuorum) return;
    if (!this.#machines.some(({ member }) => member?.serving)) {
      throw new Error(`no master ${this.#withinMs} ms after the last trouble`);
    }
  }

  /** Two members run and reach each other. */
  get #hasQuorum(): boolean {
    const running = this.#machines.filter(({ member }) => member !== undefined);
    return running.some((one) => running.some((two) => one !== two && !this.#isCut(one, two)));
  }

  #expectSeats(): void {
    const master = this.#machines.find(({ daemon }) => daemon !== undefined);
    const held = [...new Set(master?.daemon?.holders)].length;
    if (held < SimulatedDaemon.licensed) {
      throw new Error(`${held} clients hold one of ${SimulatedDaemon.licensed} seats in calm`);
    }
  }

  #expectMaster(): void {
    const running = this.#machines.filter(({ member }) => member !== undefined);
    const masters = running.filter(({ member }) => member!.serving);
    if (masters.length !== 1)
      throw new Error(`${masters.length} masters of ${running.length} members in calm`);
    const [master] = masters;
    for (const { index, member } of running) {
      if (member!.master !== master!.index) {
        throw new Error(`${index} takes ${member!.master} for the master, ${master!.index} is`);
      }
    }
    const primaryLed = !this.#weather.otherOrder && this.#weather.primaryIsMaster;
    if (primaryLed && running.some(({ index }) => index === 0) && master!.index !== 0) {
      throw new Error(`${master!.index} is master although the primary is back`);
    }
    if (!this.#weather.otherOrder && master!.index === 2) throw new Error('the tertiary is master');
  }
}
