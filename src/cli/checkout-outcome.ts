import type { SearchedLicense } from '../client/candidates.ts';
import type { Denied, Grant } from '../client/checkout.ts';
import type { HeldEvent } from '../client/held-checkout.ts';
import type { ClientIdentity } from '../client/identity.ts';
import { endpointText } from '../client/license-path.ts';
import { renderShortError } from '../text/error-message.ts';
import { licenseCount } from '../text/wording.ts';

/** `solve: 1 license from acmed at 27000@localhost, handle 101` */
export function grantText({ feature, count }: SearchedLicense, grant: Grant): string {
  const { held, local, vendor } = grant;
  const from = held
    ? `at ${endpointText(held.session.server)}, handle ${held.handle}`
    : `by ${local?.file}, no server used`;
  return `${feature}: ${licenseCount(count)} from ${vendor} ${from}`;
}

/** What became of a license while it was held. */
export function eventText(event: HeldEvent, wanted: SearchedLicense): string {
  if (event.kind === 'regained') return `regained, ${grantText(wanted, event.grant)}`;
  const why = renderShortError(event.why.refusal);
  return event.kind === 'lost'
    ? `lost the license, asking for it again: ${why}`
    : `could not get the license back: ${why}`;
}

/** A grant for programs. */
export function grantAsJson(
  wanted: SearchedLicense,
  grant: Grant,
  { user, host, display }: ClientIdentity,
) {
  const { feature, count, version } = wanted;
  const { held, local, vendor, poolVersion } = grant;
  const source = held
    ? {
        server: endpointText(held.session.server),
        daemon: endpointText(held.session.daemon),
        handle: held.handle,
      }
    : { file: local?.file };
  return {
    granted: true,
    feature,
    count,
    version,
    vendor,
    poolVersion,
    ...source,
    user,
    host,
    display,
  };
}

/** A denial for programs, with every attempt on the way. */
export function deniedAsJson({ feature, count, version }: SearchedLicense, denied: Denied) {
  const { reported, attempts } = denied;
  const { major, minor } = reported.refusal;
  return {
    granted: false,
    feature,
    count,
    version,
    code: major,
    minor,
    text: renderShortError(reported.refusal),
    attempts: attempts.map(({ element, where, vendor, by, refusal }) => {
      return { element, where, vendor, by, code: refusal.major, minor: refusal.minor };
    }),
  };
}
