/**
 * True if a platform tag of PLATFORMS= takes in a client's tag, which may go on with the digits of a system's
 * release: `i86_n` takes in `i86_n3`. Letter case is aside.
 * Source: End User Guide v10, App. B. unverified: the digits; guides show tags without, clients send them.
 */
export function platformMatches(tag: string, platform: string): boolean {
  const wanted = tag.toLowerCase();
  const got = platform.toLowerCase();
  return got.startsWith(wanted) && /^\d*$/.test(got.slice(wanted.length));
}
