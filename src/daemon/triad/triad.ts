import { randomInt } from 'node:crypto';
import type { Cancel, Clock, EpochMs } from '../../base/clock.ts';
import type { ServerLine } from '../../domain/license/model.ts';
import type { TriadEffect } from '../../domain/triad/effects.ts';
import { TriadMember } from '../../domain/triad/member.ts';
import {
  compareLines,
  fileOrder,
  type MemberLine,
  memberKey,
  memberKeys,
} from '../../domain/triad/order.ts';
import { triadTiming } from '../../domain/triad/timing.ts';
import type { TriadWord } from '../../domain/triad/word.ts';
import { triadLines } from '../../text/debug-log-triad.ts';
import type { DaemonLog } from '../daemon-log.ts';
import type { Notice } from '../server-config.ts';
import type { Traffic } from '../traffic.ts';
import { MasterGap } from './master-gap.ts';
import { newsLine } from './news-line.ts';
import { PeerLines } from './peer-lines.ts';
import type { TriadSetting } from './setting.ts';
import { memberLines } from './triad-setting.ts';
import { memberStates, type TriadView, triadChanged } from './triad-view.ts';

/** How long a line to another member may take to stand. Source: Autodesk's page on lmgrd's options, -t. */
const CONNECT_MS = 10_000;
/** 0 says "none". */
const BOOT_MIN = 1;
const BOOT_END = 2 ** 32;

export interface TriadOptions {
  /** The three SERVER lines. */
  readonly lines: readonly ServerLine[];
  readonly setting: TriadSetting;
  /** One that does not go back, unless it is moved. */
  readonly clock: Clock;
  /** Whoever is connected counts as alive: the clock is one that is moved. */
  readonly assumesHeartbeats: boolean;
  readonly traffic: Traffic;
  readonly log: DaemonLog;
  readonly notice: Notice;
  /** Starts what only the master has; resolves when it serves. */
  readonly startDaemons: () => Promise<void>;
  /** Resolves when nothing of it is left. */
  readonly stopDaemons: () => Promise<void>;
  /** Until when they may grant; told before they are started, and whenever that changes. */
  readonly leased: (until: EpochMs) => void;
}

/**
 * This license manager's part in its triad: hands the lines' events and the time to the protocol's core, and carries
 * out what that wants done.
 */
export class Triad {
  readonly #options: TriadOptions;
  readonly #own: readonly MemberLine[];
  /** Members by their number. */
  readonly #keys: readonly string[];
  readonly #self: number;
  readonly #boot = randomInt(BOOT_MIN, BOOT_END);
  readonly #lines: PeerLines;
  readonly #member: TriadMember;
  #last: EpochMs;
  #leasedUntil: EpochMs | undefined;
  #timer: Cancel | undefined;
  #ended = false;
  #hasMismatch = false;
  #daemonsUp = false;
  #told = '';
  /** How long it knew no master. */
  readonly gap = new MasterGap();

  constructor(options: TriadOptions) {
    this.#options = options;
    const { lines, setting, clock, assumesHeartbeats } = options;
    this.#own = memberLines(lines);
    this.#keys = memberKeys(this.#own);
    this.#self = this.#numberOf(setting.member);
    this.#last = clock.now();
    const [primary] = lines;
    this.#member = new TriadMember(
      {
        self: this.#self,
        order: fileOrder(this.#own),
        primaryIsMaster: primary?.primaryIsMaster ?? false,
        timing: triadTiming(primary?.heartbeatIntervalSeconds),
        boot: this.#boot,
        assumesHeartbeats,
      },
      this.#last,
    );
    this.#lines = this.#peerLines();
  }

  #peerLines(): PeerLines {
    const { setting, traffic, assumesHeartbeats } = this.#options;
    const { addresses = this.#own.map((line) => ({ ...line })) } = setting;
    const peers = [...this.#own.keys()].filter((place) => place !== setting.member);
    return new PeerLines({
      addresses: new Map(peers.map((place) => [this.#numberOf(place), addresses[place]!])),
      connectMs: setting.connectMs ?? CONNECT_MS,
      polls: !assumesHeartbeats,
      traffic,
      bootOf: (peer) => this.#member.bootOf(peer),
      hello: () => ({ ...this.#own[setting.member]!, boot: this.#boot, servers: this.#own }),
      events: {
        trying: (peer) => this.#options.log.line(triadLines.trying(this.#hostOf(peer))),
        connected: (peer) => this.#input((member, now) => member.connected(peer, now)),
        closed: (peer) => this.#input((member, now) => member.closed(peer, now)),
        refused: (peer, boot) => this.#input((member, now) => member.gone(peer, boot, now)),
        failed: (peer, why) => {
          this.#options.notice('triad member not reached', { member: this.#hostOf(peer), why });
        },
      },
    });
  }

  /** The number of the member at a place of the file. */
  #numberOf(place: number): number {
    return this.#keys.indexOf(memberKey(this.#own[place]!));
  }

  #hostOf(number: number): string {
    return this.#own.find((line) => memberKey(line) === this.#keys[number])!.host;
  }

  /** Once it listens: looks for the others. */
  start(): void {
    const { log } = this.#options;
    const isDemo = this.#options.lines.some(({ hostids }) => hostids.includes('DEMO'));
    if (isDemo) log.line(triadLines.demo);
    this.#tellChange();
    this.#arm();
    this.#lines.dialAll();
  }

  /** Tries at once to reach those that are not: their addresses are known now, say. */
  dialAll(): void {
    this.#lines.dialAll();
  }

  /** Whether its vendor daemons may grant now: a master that is cut off must not. */
  get mayGrant(): boolean {
    return !this.#ended && this.#options.clock.now() < this.#member.servingUntil;
  }

  /** When that is over, unless it is renewed. */
  get servingUntil(): EpochMs {
    return this.#member.servingUntil;
  }

  get serving(): boolean {
    return this.#member.serving;
  }

  /** In the order of the SERVER lines. */
  get states(): readonly number[] {
    const { up, master } = this.#member;
    return [...this.#own.keys()].map((place) => {
      const number = this.#numberOf(place);
      if (!up.includes(number)) return memberStates.down;
      return number === master ? memberStates.master : memberStates.up;
    });
  }

  get view(): TriadView {
    const { states } = this;
    const hosts = this.#own.map(({ host }) => host);
    return {
      member: this.#hostOf(this.#self),
      up: hosts.filter((_, place) => states[place] !== memberStates.down),
      master: hosts.find((_, place) => states[place] === memberStates.master),
      serving: this.#daemonsUp,
    };
  }

  /**
   * Another license manager says that it is a member, and what its SERVER lines are. Gives its number, or why it is
   * none of ours.
   */
  accept(caller: MemberLine, servers: readonly MemberLine[]): number | string {
    const number = this.#keys.indexOf(memberKey(caller));
    const compared = compareLines(this.#own, servers);
    if (number < 0 || number === this.#self || compared === 'otherMembers') {
      this.#options.log.line(triadLines.otherMembers(caller.host));
      return `expected a member of ${this.#keys.join(', ')}, got ${memberKey(caller)}`;
    }
    if (this.#lines.isCut(number)) return 'a fault keeps the two apart';
    if (compared === 'otherOrder') this.#mismatch();
    this.#lines.dial(number);
    return number;
  }

  #mismatch(): void {
    if (!this.#hasMismatch) this.#options.log.lines(triadLines.orderMismatch);
    this.#hasMismatch = true;
    this.#input((member, now) => member.useAlphabeticalOrder(now));
  }

  /** What a member that was accepted says. */
  hear(word: TriadWord): void {
    if (!this.#lines.isCut(word.from)) this.#input((member, now) => member.receive(word, now));
  }

  /** Keeps us apart from the members at these places of the file, and from no others. */
  cutFrom(places: readonly number[]): void {
    for (const place of this.#own.keys()) {
      const number = this.#numberOf(place);
      const isCut = places.includes(place);
      if (number === this.#self || this.#lines.isCut(number) === isCut) continue;
      this.#input((member, now) => member.cut(number, isCut, now));
      this.#lines.cut(number, isCut);
    }
  }

  #input(input: (member: TriadMember, now: EpochMs) => void): void {
    if (this.#ended) return;
    this.#last = Math.max(this.#last, this.#options.clock.now());
    input(this.#member, this.#last);
    this.#tellLease();
    for (const effect of this.#member.take()) this.#carryOut(effect);
    this.#tellChange();
    this.#arm();
  }

  #tellLease(): void {
    const { servingUntil } = this.#member;
    if (servingUntil === this.#leasedUntil) return;
    this.#leasedUntil = servingUntil;
    this.#options.leased(servingUntil);
  }

  #arm(): void {
    this.#timer?.();
    const { deadline } = this.#member;
    if (this.#ended || deadline === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#options.clock.schedule(deadline, () => {
      this.#input((member, now) => member.tick(now));
    });
  }

  #carryOut(effect: TriadEffect): void {
    switch (effect.kind) {
      case 'send':
        return this.#lines.send(effect.to, effect.word);
      case 'redial':
        return this.#lines.redial(effect.peer);
      case 'news':
        return this.#options.log.line(newsLine(effect.news, (member) => this.#hostOf(member)));
      case 'startDaemons':
        return void this.#startDaemons();
      case 'stopDaemons':
        return void this.#stopDaemons();
    }
  }

  async #startDaemons(): Promise<void> {
    await this.#options.startDaemons();
    this.#daemonsUp = this.#member.serving;
    this.#tellChange();
  }

  async #stopDaemons(): Promise<void> {
    this.#options.log.lines([triadLines.clientsRemoved, triadLines.childrenKilled]);
    this.#daemonsUp = false;
    await this.#options.stopDaemons();
    this.#input((member, now) => member.daemonsDown(now));
  }

  #tellChange(): void {
    const { view } = this;
    const told = JSON.stringify(view);
    if (told === this.#told || this.#ended) return;
    this.#told = told;
    this.gap.see(view.master !== undefined, this.#last);
    this.#options.notice(triadChanged, { ...view }, 'info');
  }

  /** Leaves in order; its vendor daemons have stopped. */
  stop(): void {
    this.#input((member, now) => member.leave(now));
    this.#end();
    this.#lines.close();
  }

  /** Ends as a killed process does. */
  crash(): void {
    this.#end();
    this.#lines.crash();
  }

  #end(): void {
    this.#ended = true;
    this.#timer?.();
  }
}
