/** `27000@host`, the way license paths take it: an IPv6 address in brackets, or its colons would end the element. */
export function portAtHost(port: number, host: string): string {
  return `${port}@${host.includes(':') ? `[${host}]` : host}`;
}
