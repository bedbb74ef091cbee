import type { ControlDesk } from './control-desk.ts';
import { tellAsExporter } from './exporter-metrics.ts';
import { Exposition } from './exposition.ts';
import { tellOurs } from './own-metrics.ts';

/** What Prometheus reads of a server: flexlm_exporter's metrics, and ours. */
export async function metricsText(desk: ControlDesk, withUsers = true): Promise<string> {
  const { server, counts } = desk;
  const view = await desk.status();
  const out = new Exposition();
  tellAsExporter(out, server, view, withUsers);
  tellOurs(out, server, view.features, counts);
  return out.text;
}
