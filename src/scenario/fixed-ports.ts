const fixedPort = /^([ \t]*(?:VENDOR|DAEMON)\b[^\r\n]*?)[ \t]+PORT=(\d+)/gim;

/**
 * A license text whose vendor daemons take free ports, whatever PORT= says: scenarios that run side by side would take
 * each other's. A VENDOR line that goes on behind a backslash keeps its own.
 */
export function withFreePorts(license: string): string {
  return license.replace(fixedPort, '$1');
}

/** What PORT= says of each vendor daemon that has one, by name in lower case. */
export function fixedPortsOf(license: string): ReadonlyMap<string, number> {
  const all = [...license.matchAll(fixedPort)].map(([, line, port]) => {
    const [, name = ''] = line!.trim().split(/\s+/);
    return [name.toLowerCase(), Number(port)] as const;
  });
  return new Map(all);
}
