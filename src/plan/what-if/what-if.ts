import { KnownError } from '../../base/errors.ts';
import { parseDuration } from '../../base/time-words.ts';
import { dupGroup } from '../../domain/license/attribute-forms.ts';
import type { DupGroup } from '../../domain/license/model.ts';
import { parseOptionsFile } from '../../domain/options/parse.ts';
import type { ReplayWays } from '../replay-ledger.ts';

/** What is done to a demand before it is replayed. */
export type DemandChange =
  /** So many starts for each: those more are by people who are new. */
  | { readonly kind: 'growth'; readonly factor: number }
  /** This share of the long sessions of working hours begins in the evening. */
  | { readonly kind: 'night'; readonly share: number }
  /** Who holds seats for longer than `workedMs` has left them, and loses them `afterMs` later. */
  | { readonly kind: 'timeout'; readonly afterMs: number; readonly workedMs: number }
  /** The demand of another license server comes in addition. */
  | { readonly kind: 'merge'; readonly source: string };

/** Something that could be otherwise, as it was asked for. */
export interface WhatIf {
  readonly text: string;
  readonly demand: readonly DemandChange[];
  /** Lines of an options file; `FEATURE` stands for the feature's name. */
  readonly lines: readonly string[];
  readonly dupGroup?: DupGroup;
  readonly ways: ReplayWays;
  /** The question is what so many do, not how many it takes. */
  readonly seats?: number;
  /** This group gets a pool of its own. */
  readonly split?: string;
}

/** What it would come to. */
export interface WhatIfResult {
  readonly text: string;
  /** The seats it takes, and how many more that is than without. */
  readonly seats?: number;
  readonly more?: number;
  /** With seats that are given: the share refused in the worst week. */
  readonly given?: { readonly seats: number; readonly share: number };
  /** Of starts that wait in a queue at `given`: the share, and how long they wait on average. */
  readonly waits?: { readonly share: number; readonly meanMs: number };
  /** Of a search path: the share refused while one of its servers is down. */
  readonly oneDown?: { readonly seats: number; readonly share: number };
  /** Pools apart, and what each takes. */
  readonly parts?: readonly { readonly name: string; readonly seats: number }[];
  /** What had to be assumed, because a log does not say it. */
  readonly assumption?: string;
  /** Why there is no result. */
  readonly reason?: string;
}

type Mutable = { -readonly [K in keyof WhatIf]: WhatIf[K] };

interface Part {
  readonly form: RegExp;
  readonly show: string;
  readonly read: (words: readonly string[], whatIf: Mutable) => void;
}

/** What may be asked. To add one: a row here, and what it does in changed-demand.ts or try-what-if.ts. */
const parts: readonly Part[] = [
  {
    form: /^growth ([+-]?\d{1,4}(?:\.\d{1,4})?) ?%$/,
    show: 'growth 20%',
    read: ([share], whatIf) => {
      const factor = Math.max(0, 1 + Number(share) / 100);
      whatIf.demand = [...whatIf.demand, { kind: 'growth', factor }];
    },
  },
  {
    form: /^seats (\d{1,7})$/,
    show: 'seats 60',
    read: ([seats], whatIf) => {
      whatIf.seats = Number(seats);
    },
  },
  {
    form: /^linger (\S+)$/,
    show: 'linger 10m',
    read: ([time], whatIf) => {
      whatIf.lines = [...whatIf.lines, `LINGER FEATURE ${seconds(time!)}`];
    },
  },
  {
    form: /^timeout (\S+) worked (\S+)$/,
    show: 'timeout 2h worked 4h',
    read: ([after, worked], whatIf) => {
      const afterMs = parseDuration(after!, '--what-if');
      const workedMs = parseDuration(worked!, '--what-if');
      whatIf.demand = [...whatIf.demand, { kind: 'timeout', afterMs, workedMs }];
    },
  },
  {
    form: /^queue (\S+)$/,
    show: 'queue 30m',
    read: ([time], whatIf) => {
      whatIf.ways = { ...whatIf.ways, patienceMs: parseDuration(time!, '--what-if') };
    },
  },
  {
    form: /^night (\d{1,3}(?:\.\d{1,4})?) ?%$/,
    show: 'night 30%',
    read: ([share], whatIf) => {
      whatIf.demand = [
        ...whatIf.demand,
        { kind: 'night', share: Math.min(1, Number(share) / 100) },
      ];
    },
  },
  {
    form: /^search-path ([2-9])$/,
    show: 'search-path 3',
    read: ([servers], whatIf) => {
      whatIf.ways = { ...whatIf.ways, servers: Number(servers) };
    },
  },
  {
    form: /^dup-group (\S+)$/i,
    show: 'dup-group UH',
    read: ([letters], whatIf) => {
      const group = dupGroup.parse(letters!);
      if (group === undefined) throw wrong(whatIf.text, `dup-group with ${dupGroup.expected}`);
      whatIf.dupGroup = group;
    },
  },
  {
    form: /^merge (.+)$/,
    show: 'merge OTHER.log',
    read: ([source], whatIf) => {
      whatIf.demand = [...whatIf.demand, { kind: 'merge', source: source! }];
    },
  },
  {
    form: /^split (\S+)$/,
    show: 'split GROUP',
    read: ([group], whatIf) => {
      whatIf.split = group!;
    },
  },
  {
    form: /^((?:RESERVE|MAX|LINGER|EXCLUDE|INCLUDE|EXCLUDEALL|INCLUDEALL|GROUP|HOST_GROUP) .+)$/,
    show: 'RESERVE 5 FEATURE GROUP cfd',
    read: ([line], whatIf) => {
      const file = parseOptionsFile({ name: '--what-if', text: line!, encoding: 'utf-8' });
      const [finding] = file.findings.filter(({ severity }) => severity === 'error');
      if (finding !== undefined) throw wrong(whatIf.text, `an options line (${finding.message})`);
      whatIf.lines = [...whatIf.lines, line!];
    },
  },
];

/**
 * `growth 20%, linger 10m`: several parts hold together.
 * @throws KnownError USAGE
 */
export function parseWhatIf(text: string): WhatIf {
  const whatIf: Mutable = { text, demand: [], lines: [], ways: {} };
  for (const part of text.split(',').map((each) => each.trim())) {
    const row = parts.find(({ form }) => form.test(part));
    if (row === undefined) throw wrong(part, parts.map(({ show }) => show).join('; '));
    row.read(row.form.exec(part)!.slice(1), whatIf);
  }
  const { split, ways, demand } = whatIf;
  if (ways.patienceMs !== undefined && ways.servers !== undefined) {
    throw wrong(text, 'queue or search-path, since nobody waits at several servers');
  }
  if (split !== undefined && demand.some(({ kind }) => kind === 'merge')) {
    throw wrong(text, 'split or merge');
  }
  return whatIf;
}

function seconds(time: string): number {
  return Math.round(parseDuration(time, '--what-if') / 1000);
}

function wrong(got: string, expected: string): KnownError {
  return new KnownError('USAGE', `--what-if: expected ${expected}; got "${got.slice(0, 200)}"`);
}
