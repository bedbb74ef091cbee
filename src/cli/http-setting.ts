import { type HttpAddress, parseListenAddress } from '../control/http-address.ts';
import { readTokens, type Tokens } from '../control/tokens.ts';

/** Where a control plane listens, and to whom. */
export interface HttpSetting {
  readonly address: HttpAddress;
  readonly tokens?: Tokens;
  /** File to which every change is added. */
  readonly audit?: string;
}

/** What the flags say, as they are written. */
export interface HttpWords {
  readonly http: string | undefined;
  readonly 'http-tokens': string | undefined;
  readonly 'http-audit': string | undefined;
}

/** `{}` without `--http`. @throws KnownError USAGE; of a file of tokens as `readTokens` does */
export function httpSetting(words: HttpWords): { readonly http?: HttpSetting } {
  const { http, 'http-tokens': file, 'http-audit': audit } = words;
  if (http === undefined) return {};
  const tokens = file === undefined ? {} : { tokens: readTokens(file) };
  const address = parseListenAddress(http, '--http', file !== undefined);
  return { http: { address, ...tokens, ...(audit === undefined ? {} : { audit }) } };
}
