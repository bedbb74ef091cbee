import type { TriadNews } from '../../domain/triad/effects.ts';
import { triadLines } from '../../text/debug-log-triad.ts';

/** The debug log's line for a piece of news; `hostOf` names a member by its number. */
export function newsLine(news: TriadNews, hostOf: (member: number) => string): string {
  switch (news.kind) {
    case 'connected':
      return triadLines.connected(hostOf(news.peer));
    case 'lost':
      return triadLines.lost(hostOf(news.peer));
    case 'master': {
      const form = news.existing ? triadLines.existingMaster : triadLines.master;
      return form(hostOf(news.member));
    }
    case 'quorumLost':
      return triadLines.quorumLost;
    case 'noMaster':
      return triadLines.noMaster;
  }
}
