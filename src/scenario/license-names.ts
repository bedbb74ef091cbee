/** What the lines of a license text are about, and what its packages consist of. */
export function featureNames(license: string): readonly string[] {
  const lines = license.matchAll(/^[ \t]*(?:FEATURE|INCREMENT|PACKAGE|UPGRADE)[ \t]+(\S+)/gim);
  const packages = license.matchAll(/\bCOMPONENTS="([^"]*)"/gi);
  const components = [...packages].flatMap(([, list]) => list!.match(/[^\s\\]+/g) ?? []);
  return [...[...lines].map(([, name]) => name!), ...components.map((each) => each.split(':')[0]!)];
}

/** Names of the VENDOR lines of a license text. */
export function vendorNames(license: string): readonly string[] {
  const lines = license.matchAll(/^[ \t]*(?:VENDOR|DAEMON)[ \t]+(\S+)/gim);
  return [...lines].map(([, name]) => name!);
}
