import type { EpochMs } from '../base/clock.ts';
import { isoStamp } from '../base/local-time.ts';
import { renderShortError } from './error-message.ts';
import { type QueueText, queueLines } from './explanation-queue.ts';
import { printable } from './wording.ts';

/** A line that a rule stands on; options lines with their text. */
export interface RuleSourceText {
  readonly file: string;
  readonly line: number;
  readonly text?: string;
}

/** Why a checkout is granted or refused: what `fauxlm explain` prints. */
export interface ExplanationText {
  readonly vendor: string;
  readonly asked: {
    readonly feature: string;
    readonly version: string;
    readonly count: number;
    readonly user: string;
    readonly host: string;
    readonly at: EpochMs;
  };
  readonly tried: readonly {
    readonly feature: string;
    readonly version: string;
    readonly counted: boolean;
    readonly issued: number;
    readonly overdraft: number;
    readonly used: number;
    readonly reserved: number;
    readonly serialNumber?: string;
    readonly package?: string;
    readonly lines: readonly RuleSourceText[];
    readonly linesLeftOut?: number;
    readonly rules: readonly {
      readonly feature: string;
      readonly refuses: boolean;
      readonly text: string;
      readonly code?: number;
      readonly source?: RuleSourceText;
    }[];
    readonly granted: boolean;
  }[];
  readonly leftOut: number;
  readonly answer:
    | { readonly granted: true; readonly feature: string; readonly version: string }
    | { readonly granted: false; readonly code: number; readonly minor: number };
  readonly changes: readonly {
    readonly text: string;
    readonly granted: boolean;
    readonly code?: number;
    readonly source?: RuleSourceText;
  }[];
  /** Where it would stand if it waited. */
  readonly queue?: QueueText;
}

type Tried = ExplanationText['tried'][number];

/** As lines for people, without newlines: the answer, each pool with its rules, and what would change it. */
export function explanationLines(explanation: ExplanationText): readonly string[] {
  const { tried, leftOut } = explanation;
  const more = leftOut === 0 ? [] : ['', `${leftOut} more pools were tried, to no other end.`];
  const none = tried.length === 0 ? ['', 'No license line of this vendor daemon has it.'] : [];
  return [
    answerLine(explanation),
    askedLine(explanation),
    ...none,
    ...tried.flatMap((pool, index) => ['', ...poolLines(pool, index + 1)]),
    ...more,
    ...changesLines(explanation),
    ...(explanation.queue === undefined ? [] : ['', ...queueLines(explanation.queue)]),
  ].map(printable);
}

function answerLine({ asked, answer, vendor }: ExplanationText): string {
  const what = `${asked.feature} for ${asked.user}@${asked.host}, ${vendor}`;
  if (answer.granted) return `${what}: granted, from ${answer.feature} v${answer.version}`;
  return `${what}: refused, ${renderShortError({ major: answer.code, minor: answer.minor })}`;
}

function askedLine({ asked: { version, count, at } }: ExplanationText): string {
  const versions = /^[0.]*$/.test(version) ? 'any version' : `version ${version}`;
  return `  asked for: ${count} of ${versions}, at ${isoStamp(at)}`;
}

function poolLines(pool: Tried, number: number): readonly string[] {
  const { feature, version, lines, linesLeftOut = 0, serialNumber, granted } = pool;
  const of = pool.package === undefined ? [] : [`package ${pool.package}`];
  const serial = serialNumber === undefined ? [] : [`serial number ${serialNumber}`];
  const facts = [seatsText(pool), ...of, ...serial].join(', ');
  const end = granted ? ['  => granted'] : [];
  return [
    `${number}. ${feature} v${version}: ${facts}${placesText(lines, linesLeftOut)}`,
    ...pool.rules.map((rule) => `  ${ruleText(rule, feature)}`),
    ...end,
  ];
}

function seatsText({ counted, issued, overdraft, used, reserved }: Tried): string {
  if (!counted) return `uncounted, ${used} out`;
  const beyond = overdraft > 0 ? ` and ${overdraft} overdraft` : '';
  const idle = reserved > 0 ? `, ${reserved} reserved and idle` : '';
  return `${issued} issued${beyond}, ${used} out${idle}`;
}

/** Lines of a pool that are named; one may be made of thousands. */
const PLACES_NAMED_MAX = 5;

function placesText(lines: readonly RuleSourceText[], leftOut: number): string {
  if (lines.length === 0) return '';
  const named = lines.slice(0, PLACES_NAMED_MAX).map(({ file, line }) => `${file}:${line}`);
  const more = lines.length - named.length + leftOut;
  return ` (${named.join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
}

function ruleText(rule: Tried['rules'][number], feature: string): string {
  const { refuses, text, code, source } = rule;
  const of = rule.feature === feature ? '' : `${rule.feature}: `;
  const told = code === undefined ? '' : `, ${code}`;
  return `${refuses ? 'NO' : 'ok'}  ${of}${text}${told}${sourceText(source)}`;
}

function sourceText(source: RuleSourceText | undefined): string {
  if (source === undefined) return '';
  const { file, line, text } = source;
  return ` (${file}:${line}${text === undefined ? '' : `: ${text}`})`;
}

function changesLines({ answer, tried, changes }: ExplanationText): readonly string[] {
  const helps = answer.granted || changes.some(({ granted }) => granted);
  const none = helps || tried.length === 0 ? [] : ['', 'No single change that was tried helps.'];
  if (changes.length === 0) return none;
  return ['', 'What would change it:', ...changes.map(changeLine), ...none];
}

function changeLine(change: ExplanationText['changes'][number]): string {
  const { text, granted, code, source } = change;
  const answer = granted ? 'granted' : `refused, ${code}`;
  return `  ${text}: ${answer}${sourceText(source)}`;
}
