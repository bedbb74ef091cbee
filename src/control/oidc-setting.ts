import { KnownError } from '../base/errors.ts';
import { isLoopback } from './http-address.ts';
import { type Role, roles } from './roles.ts';

/** Who has `value` in a claim of the token has the role. */
export interface OidcRole {
  readonly role: Role;
  /** A claim by its name, else a path with dots such as `realm_access.roles`. */
  readonly claim: string;
  readonly value: string;
}

/** Whose tokens are taken, and what they allow. */
export interface OidcSetting {
  readonly issuer: string;
  readonly audience: string;
  readonly roles: readonly OidcRole[];
}

/** The flags, as they are written. */
export interface OidcWords {
  readonly 'oidc-issuer'?: string | undefined;
  readonly 'oidc-audience'?: string | undefined;
  readonly 'oidc-role'?: readonly string[] | undefined;
}

const ROLES_MAX = 100;

/** Undefined without any of the flags. @throws KnownError USAGE for what is none, and for some without the others */
export function oidcSetting(words: OidcWords): OidcSetting | undefined {
  const { 'oidc-issuer': issuer, 'oidc-audience': audience, 'oidc-role': given = [] } = words;
  if (issuer === undefined && audience === undefined && given.length === 0) return undefined;
  if (issuer === undefined) throw usage('--oidc-issuer', 'it with --oidc-audience', 'none');
  if (!audience) throw usage('--oidc-audience', 'it with --oidc-issuer', 'none');
  if (given.length === 0) throw usage('--oidc-role', 'ROLE=CLAIM:VALUE', 'none: nobody may ask');
  if (given.length > ROLES_MAX) throw usage('--oidc-role', `at most ${ROLES_MAX}`, 'more');
  checkIssuerUrl(issuer, '--oidc-issuer');
  return { issuer, audience, roles: given.map(oidcRole) };
}

/** Keys that come over plain HTTP are anybody's, except from this machine. @throws KnownError USAGE */
export function checkIssuerUrl(text: string, where: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  const isOwn = host === 'localhost' || isLoopback(host);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isOwn)) return;
  throw usage(where, 'https://..., or http:// on this machine', shortened(text));
}

/** The claim ends at the first colon that begins no `://`: claims may be URLs, values may have colons. */
function oidcRole(text: string): OidcRole {
  const match = /^(\w+)=(.+?):(?!\/\/)(.+)$/.exec(text);
  const [, role, claim, value] = match ?? [];
  if (role === undefined) throw usage('--oidc-role', 'ROLE=CLAIM:VALUE', shortened(text));
  if (role === 'anyone' || !roles.some((each) => each === role)) {
    throw usage('--oidc-role', 'a role of viewer, operator, admin', shortened(role));
  }
  return { role: role as Role, claim: claim!, value: value! };
}

function shortened(text: string): string {
  return `"${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`;
}

function usage(where: string, expected: string, got: string): KnownError {
  return new KnownError('USAGE', `${where}: expected ${expected}, got ${got}`);
}
