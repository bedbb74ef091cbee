/** Who may do what, each what those before it may, too. */
export const roles = ['anyone', 'viewer', 'operator', 'admin'] as const;

export type Role = (typeof roles)[number];

/** Whether somebody of one role may do what asks for another. */
export function mayDo(own: Role, asked: Role): boolean {
  return roles.indexOf(own) >= roles.indexOf(asked);
}
