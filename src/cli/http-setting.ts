import { KnownError } from '../base/errors.ts';
import { type HttpAddress, parseListenAddress } from '../control/http-address.ts';
import { type OidcSetting, type OidcWords, oidcSetting } from '../control/oidc-setting.ts';
import { readTokens, type Tokens } from '../control/tokens.ts';

/** Where a control plane listens, and to whom. */
export interface HttpSetting {
  readonly address: HttpAddress;
  readonly tokens?: Tokens;
  /** Whose tokens are taken beside those. */
  readonly oidc?: OidcSetting;
  /** File to which every change is added. */
  readonly audit?: string;
}

/** What the flags say, as they are written. */
export interface HttpWords extends OidcWords {
  readonly http: string | undefined;
  readonly 'http-tokens': string | undefined;
  readonly 'http-audit': string | undefined;
}

/** `{}` without `--http`. @throws KnownError USAGE; of a file of tokens as `readTokens` does */
export function httpSetting(words: HttpWords): { readonly http?: HttpSetting } {
  const { http, 'http-tokens': file, 'http-audit': audit } = words;
  const oidc = oidcSetting(words);
  if (http === undefined) {
    if (oidc === undefined) return {};
    throw new KnownError('USAGE', '--oidc-issuer: expected --http with it, got none');
  }
  const tokens = file === undefined ? {} : { tokens: readTokens(file) };
  const address = parseListenAddress(http, '--http', file !== undefined || oidc !== undefined);
  return {
    http: {
      address,
      ...tokens,
      ...(oidc === undefined ? {} : { oidc }),
      ...(audit === undefined ? {} : { audit }),
    },
  };
}
