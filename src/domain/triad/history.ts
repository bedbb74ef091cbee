import type { TriadNews } from './effects.ts';

/** How things stand, for what becomes known to people. */
export interface Outlook {
  readonly inQuorum: boolean;
  readonly master: number | undefined;
  readonly self: number;
  /** A member would have been elected by now. */
  readonly isLate: boolean;
}

/** Tells what is new in how a triad stands, once. */
export class TriadHistory {
  #inQuorum = false;
  #master: number | undefined;
  #toldNoMaster = false;

  news({ inQuorum, master, self, isLate }: Outlook): readonly TriadNews[] {
    const news: TriadNews[] = [];
    if (master !== undefined && master !== this.#master) {
      // It was master before we were in a quorum: nobody elected it now.
      news.push({ kind: 'master', member: master, existing: !this.#inQuorum && master !== self });
    }
    if (this.#inQuorum && !inQuorum) news.push({ kind: 'quorumLost' });
    if (master === undefined && isLate && !this.#toldNoMaster) news.push({ kind: 'noMaster' });
    this.#toldNoMaster ||= isLate || master !== undefined;
    this.#master = master;
    this.#inQuorum = inQuorum;
    return news;
  }
}
