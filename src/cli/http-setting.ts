import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { KnownError } from '../base/errors.ts';
import { type HttpAddress, parseListenAddress } from '../control/http-address.ts';
import { type OidcSetting, type OidcWords, oidcSetting } from '../control/oidc-setting.ts';
import type { ScenarioSetting } from '../control/scenario-runs.ts';
import { readTokens, type Tokens } from '../control/tokens.ts';

/** Where a control plane listens, and to whom. */
export interface HttpSetting {
  readonly address: HttpAddress;
  readonly tokens?: Tokens;
  /** Whose tokens are taken beside those. */
  readonly oidc?: OidcSetting;
  /** Scenarios that may be run over it. */
  readonly scenarios?: ScenarioSetting;
  /** File to which every change is added. */
  readonly audit?: string;
}

/** What the flags say, as they are written. */
export interface HttpWords extends OidcWords {
  readonly http: string | undefined;
  readonly 'http-tokens': string | undefined;
  readonly 'http-audit': string | undefined;
  readonly scenarios?: string | undefined;
}

/** `{}` without `--http`. @throws KnownError USAGE; of a file of tokens as `readTokens` does */
export function httpSetting(words: HttpWords): { readonly http?: HttpSetting } {
  const { http, 'http-tokens': file, 'http-audit': audit } = words;
  const oidc = oidcSetting(words);
  if (http === undefined) {
    const alone = oidc === undefined ? words.scenarios && '--scenarios' : '--oidc-issuer';
    if (!alone) return {};
    throw new KnownError('USAGE', `${alone}: expected --http with it, got none`);
  }
  const tokens = file === undefined ? {} : { tokens: readTokens(file) };
  const address = parseListenAddress(http, '--http', file !== undefined || oidc !== undefined);
  return {
    http: {
      address,
      ...tokens,
      ...(oidc === undefined ? {} : { oidc }),
      ...scenarioSetting(words.scenarios),
      ...(audit === undefined ? {} : { audit }),
    },
  };
}

/** They are run by this very program. @throws KnownError USAGE for what is no folder */
function scenarioSetting(path: string | undefined): { readonly scenarios?: ScenarioSetting } {
  if (path === undefined) return {};
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    const program = [process.execPath, resolve(process.argv[1] ?? '')];
    return { scenarios: { folder: resolve(path), program } };
  }
  throw new KnownError('USAGE', `--scenarios: expected a folder of scenario files, got "${path}"`);
}
