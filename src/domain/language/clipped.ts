/** Messages quote words of the file, and a word may be as long as a line. */
const MESSAGE_CHARACTERS_MAX = 400;

/** A message, cut where it gets longer than anybody reads. */
export function clipped(message: string): string {
  const most = MESSAGE_CHARACTERS_MAX;
  return message.length <= most ? message : `${message.slice(0, most - 1)}…`;
}
