import type { ControlDesk } from './control-desk.ts';

/** The server as at its start. What the control plane holds goes back first, as clients do that end. */
export async function resetAll({ server, held }: ControlDesk): Promise<void> {
  held.close();
  await server.reset();
}
