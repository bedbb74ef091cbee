/** The notice of a member that sees its triad changed; its details are a `TriadView`. */
export const triadChanged = 'triad changed';

/** How its triad looks to one member; hosts in the order of the SERVER lines. */
export interface TriadView {
  readonly member: string;
  readonly up: readonly string[];
  readonly master: string | undefined;
  /** Its own vendor daemons serve. */
  readonly serving: boolean;
}

/** How a member stands, as a `serverAnswer` says it. */
export const memberStates = { down: 0, up: 1, master: 2 } as const;
