import { isoStamp } from '../base/local-time.ts';
import type { SearchedLicense } from '../client/candidates.ts';
import type { Denied, Grant } from '../client/checkout.ts';
import type { HeldEvent } from '../client/held-checkout.ts';
import type { ClientIdentity } from '../client/identity.ts';
import { endpointText } from '../client/license-path.ts';
import { renderShortError } from '../text/error-message.ts';
import { licenseCount } from '../text/wording.ts';

/** `solve: 1 license from acmed at 27000@localhost, handle 101` */
export function grantText({ feature, count }: SearchedLicense, grant: Grant): string {
  return `${feature}: ${licenseCount(count)} from ${grant.vendor} ${sourceText(grant)}`;
}

function sourceText({ held, borrowed, local }: Grant): string {
  if (held) return `at ${endpointText(held.session.server)}, handle ${held.handle}`;
  if (!borrowed) return `by ${local?.file}, no server used`;
  const { server, handle, serverUntil } = borrowed;
  return `at ${server}, handle ${handle}, borrowed until ${isoStamp(serverUntil)}`;
}

export function eventText(event: HeldEvent, wanted: SearchedLicense): string {
  if (event.kind === 'regained') return `regained, ${grantText(wanted, event.grant)}`;
  const why = renderShortError(event.why.refusal);
  return event.kind === 'lost'
    ? `lost the license, asking for it again: ${why}`
    : `could not get the license back: ${why}`;
}

export function grantAsJson(
  wanted: SearchedLicense,
  grant: Grant,
  { user, host, display }: ClientIdentity,
) {
  const { feature, count, version } = wanted;
  const { vendor, poolVersion } = grant;
  return {
    granted: true,
    feature,
    count,
    version,
    vendor,
    poolVersion,
    ...sourceAsJson(grant),
    user,
    host,
    display,
  };
}

function sourceAsJson({ held, borrowed, local }: Grant) {
  if (held) {
    const { session, handle } = held;
    const [server, daemon] = [endpointText(session.server), endpointText(session.daemon)];
    return { server, daemon, handle };
  }
  if (!borrowed) return { file: local?.file };
  const { server, handle, serverUntil } = borrowed;
  return { server, handle, borrowedUntil: new Date(serverUntil).toISOString() };
}

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
