import { vendorPolicy } from '../domain/vendors/index.ts';
import type { LicenseServer } from './server.ts';

/** The variables by which clients of a server's daemons find it: LM_LICENSE_FILE, and each vendor's own. */
export function clientEnvironment({
  vendors,
  address,
}: LicenseServer): Readonly<Record<string, string>> {
  const variables = vendors.flatMap(({ name }) => vendorPolicy(name).environmentVariables);
  return Object.fromEntries(['LM_LICENSE_FILE', ...variables].map((name) => [name, address]));
}
