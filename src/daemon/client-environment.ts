import { type VendorPolicy, vendorPolicy } from '../domain/vendors/index.ts';
import type { LicenseServer } from './server.ts';

/** The variables by which clients of a server's daemons find it: LM_LICENSE_FILE, and each vendor's own. */
export function clientEnvironment({
  vendors,
  address,
}: LicenseServer): Readonly<Record<string, string>> {
  return environmentNaming(
    address,
    vendors.map(({ name }) => vendorPolicy(name)),
  );
}

/** LM_LICENSE_FILE and the variables of these vendors, all of them the same license path. */
export function environmentNaming(
  path: string,
  policies: readonly VendorPolicy[],
): Readonly<Record<string, string>> {
  const variables = policies.flatMap(({ environmentVariables }) => environmentVariables);
  return Object.fromEntries(['LM_LICENSE_FILE', ...variables].map((name) => [name, path]));
}
