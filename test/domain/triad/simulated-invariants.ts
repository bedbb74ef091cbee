import { SimulatedDaemon } from './simulated-daemon.ts';
import { SETTLED_DELAY_MS, type SimulatedLinks } from './simulated-links.ts';
import { grants, type Machine } from './simulated-machine.ts';
import type { Weather } from './weather.ts';

/** What the invariants look at. */
export interface TriadPicture {
  readonly machines: readonly Machine[];
  readonly links: SimulatedLinks;
  readonly weather: Weather;
  /** True milliseconds, as the times that follow. */
  readonly now: number;
  /** When the last trouble was. */
  readonly troubledAt: number;
  /** By when there is a master behind it. */
  readonly withinMs: number;
}

/** At all times: one master at most grants, and there is one soon where two reach each other. Throws what is not so. */
export function expectSafe({
  machines,
  links,
  weather,
  now,
  troubledAt,
  withinMs,
}: TriadPicture): void {
  const granting = machines.filter((machine) => grants(machine, now));
  if (granting.length > 1) {
    throw new Error(`members ${granting.map(({ index }) => index).join(' and ')} grant at once`);
  }
  const { lossPercent, delayMsMax, stopMsMax } = weather;
  const isClear = links.calm || (lossPercent === 0 && delayMsMax <= SETTLED_DELAY_MS);
  const isDue = now - troubledAt > withinMs + stopMsMax;
  if (!isClear || !isDue || !hasQuorum(machines, links)) return;
  if (!machines.some(({ member }) => member?.serving)) {
    throw new Error(`no master ${withinMs} ms after the last trouble`);
  }
}

/** Two members run and reach each other. */
function hasQuorum(machines: readonly Machine[], links: SimulatedLinks): boolean {
  const running = machines.filter(({ member }) => member !== undefined);
  return running.some((one) => running.some((two) => one !== two && !links.isCut(one, two)));
}

/** In calm, with nobody leaving: every seat is held. Throws when one is not. */
export function expectSeats(machines: readonly Machine[]): void {
  const master = machines.find(({ daemon }) => daemon !== undefined);
  const held = [...new Set(master?.daemon?.holders)].length;
  if (held < SimulatedDaemon.licensed) {
    throw new Error(`${held} clients hold one of ${SimulatedDaemon.licensed} seats in calm`);
  }
}

/** In calm: one master, whom all know, and the one whose turn it is. Throws what is not so. */
export function expectMaster(machines: readonly Machine[], weather: Weather): void {
  const running = machines.filter(({ member }) => member !== undefined);
  const masters = running.filter(({ member }) => member!.serving);
  if (masters.length !== 1)
    throw new Error(`${masters.length} masters of ${running.length} members in calm`);
  const [master] = masters;
  for (const { index, member } of running) {
    if (member!.master !== master!.index) {
      throw new Error(`${index} takes ${member!.master} for the master, ${master!.index} is`);
    }
  }
  const primaryLed = !weather.otherOrder && weather.primaryIsMaster;
  if (primaryLed && running.some(({ index }) => index === 0) && master!.index !== 0) {
    throw new Error(`${master!.index} is master although the primary is back`);
  }
  if (!weather.otherOrder && master!.index === 2) throw new Error('the tertiary is master');
}
