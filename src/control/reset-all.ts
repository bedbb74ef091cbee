import type { ControlDesk } from './control-desk.ts';

/** The server as at its start, with what the control plane has in it. */
export async function resetAll({ server, held, sessions, streams }: ControlDesk): Promise<void> {
  held.close();
  await server.reset();
  sessions.beginAnew();
  streams.stir();
}
