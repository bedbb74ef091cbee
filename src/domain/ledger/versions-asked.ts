import { compareVersions, isVersion } from '../license/versions.ts';

/**
 * True when a request's version is a number, or no text at all, which asks for any. Error list,
 * -77.
 */
export function isVersionAsked(asked: string): boolean {
  return asked === '' || isVersion(asked);
}

/**
 * A license is good for every version up to its own, so 0 and 0.0 ask for any.
 * Source: License Administration Guide, "FEATURE and INCREMENT lines"; error list, -25.
 */
export function isNewer(asked: string, licensed: string): boolean {
  return asked !== licensed && asked !== '' && compareVersions(asked, licensed) > 0;
}
