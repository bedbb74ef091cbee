import { renderLongError, renderShortError } from '../text/error-message.ts';
import { printable } from '../text/wording.ts';
import type { SearchedLicense } from './candidates.ts';
import type { Attempt, Denied, Grant } from './checkout.ts';
import { endpointText, type PathElement, pathSeparator } from './license-path.ts';

/** What was asked for, and where it was looked for. */
export interface Asked {
  readonly wanted: SearchedLicense;
  readonly path: readonly PathElement[];
  readonly platform: NodeJS.Platform;
}

/** Lines of explanation in a long error. Source: LAG, "Error Message Format": one to five. */
const EXPLANATION_LINES_MAX = 5;

/**
 * What an application prints when it got no license: FlexNet's long form of the refusal to report,
 * with what the other servers of the path said among its explanations.
 */
export function renderDenied({ reported, attempts }: Denied, asked: Asked): string {
  const { vendor = asked.wanted.vendor } = reported;
  const others = attempts.filter((attempt) => attempt !== reported && isNews(attempt));
  const { sys, sysText } = reported.refusal;
  // With a number, the last line but one has the words.
  const words = sys === undefined && sysText !== undefined ? [sysText] : [];
  const own = new Set([...words, ...(reported.explanation ?? [])]);
  const lines = [...own, ...others.map(attemptText)];
  return renderLongError({
    refusal: reported.refusal,
    explanation: lines.slice(0, EXPLANATION_LINES_MAX),
    feature: asked.wanted.feature,
    ...(vendor === undefined ? {} : { vendor }),
    licensePath: asked.path.map(({ text }) => text),
    separator: pathSeparator(asked.platform),
  });
}

/** That other daemons do not have the feature is how a search goes, not why it failed. */
function isNews({ refusal }: Attempt): boolean {
  return refusal.major !== -5 && refusal.major !== -18;
}

function attemptText({ where, vendor, refusal }: Attempt): string {
  const who = vendor === undefined ? where : `${where} ${vendor}`;
  return `${who}: ${renderShortError(refusal)}`;
}

/** The level of FLEXLM_DIAGNOSTICS, 0 to 3; 0 when it is not set or no number. */
export function diagnosticsLevel(variable: string | undefined): number {
  const level = Number.parseInt(variable ?? '', 10);
  return Number.isNaN(level) ? 0 : Math.min(Math.max(level, 0), 3);
}

/** The duplicate grouping a client shows when it has not chosen one. */
const DUP_NONE = '0x4000';

/**
 * What FLEXLM_DIAGNOSTICS adds: from level 1 each refusal with the license files tried, from level
 * 2 the arguments of the checkout, at level 3 a success as well. '' for nothing.
 * Source: LAG, "FLEXLM_DIAGNOSTICS", "Level 1 Content" to "Level 3 Content".
 */
export function renderDiagnostics(level: number, outcome: Grant | Denied, asked: Asked): string {
  const { feature, version, count, wait } = asked.wanted;
  const queue = wait === undefined ? '0x0' : '0x1';
  const lines: string[] = [];
  if (!outcome.ok && level >= 1) {
    const files = asked.path.map(({ text }) => text).join(' ');
    const error = renderShortError(outcome.reported.refusal, { systemText: 'after' });
    lines.push(`FlexNet checkout error: ${error}`, `license file(s): ${files}`);
  }
  if (level >= 2) {
    lines.push(`lm_checkout("${feature}", ${version}, ${count}, ${queue}, ..., ${DUP_NONE})`);
  }
  if (outcome.ok && level >= 3) lines.push(...successLines(feature, outcome));
  return lines.map((line) => `${printable(line)}\n`).join('');
}

/**
 * The key stands in the file; of a server only that it was asked, as FlexNet clients show it too.
 */
function successLines(feature: string, grant: Grant): readonly string[] {
  const { held, local } = grant;
  if (local) {
    const { key, attributes } = local.line;
    const sign = key ?? attributes.sign ?? '';
    return [
      `Checkout succeeded: ${feature}/${sign}`,
      `License file: ${local.file}`,
      'No server used',
    ];
  }
  return [
    `Checkout succeeded: ${feature}/PORT_AT_HOST_PLUS`,
    `License file: ${grant.element}`,
    `License Server Machine: ${held ? endpointText(held.session.server) : grant.element}`,
  ];
}
