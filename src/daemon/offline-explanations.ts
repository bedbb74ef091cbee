import { hostname } from 'node:os';
import type { CheckoutCommand } from '../domain/ledger/commands.ts';
import { type Explanation, explain } from '../domain/ledger/explanation.ts';
import { vendorPolicy } from '../domain/vendors/index.ts';
import { type CatalogOptions, readCatalog } from './catalog.ts';
import { newLedger } from './vendor-ledger.ts';

/**
 * What the vendor daemons of a license manager on these files would answer, nothing being out: in the order in which
 * they are asked, up to the one that grants; of all of them only those that have the feature, if any has.
 * Throws as `readCatalog` and `newLedger` do.
 */
export function explainFiles(
  request: CheckoutCommand,
  { vendor, ...options }: CatalogOptions & { readonly vendor?: string },
): readonly Explanation[] {
  const { now, timeZone } = options;
  const catalog = readCatalog(options);
  const serverHosts = [...catalog.servers.map(({ host }) => host), hostname()];
  const explanations: Explanation[] = [];
  for (const entry of catalog.vendors) {
    if (vendor !== undefined && entry.name.toLowerCase() !== vendor.toLowerCase()) continue;
    const zone = timeZone === undefined ? {} : { timeZone };
    const ground = { policy: vendorPolicy(entry.name), serverHosts, ...zone };
    const ledger = newLedger(entry, ground, now);
    const explanation = explain(ledger, request, now, entry.options);
    explanations.push(explanation);
    if (explanation.answer.granted) break;
  }
  const serving = explanations.filter(({ tried }) => tried.length > 0);
  return serving.length > 0 ? serving : explanations;
}
