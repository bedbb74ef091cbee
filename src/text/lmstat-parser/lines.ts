import * as features from './feature-lines.ts';
import * as frame from './frame-lines.ts';
import type { Line, LineKind } from './line.ts';
import type { Outline } from './outline.ts';
import * as servers from './server-lines.ts';

/**
 * Every kind of line, in the order in which they are tried. What a client of the server can choose (users,
 * hosts, displays, projects) stands in lines that are indented and is read strictly from its end; no line
 * that is indented can be a feature's heading where it can be a user's.
 */
const entryKinds: readonly LineKind[] = [features.holder, features.queued, features.reservation];
const headingKinds: readonly LineKind[] = [
  features.counted,
  features.uncounted,
  features.unsupported,
  features.unreadable,
];
const otherKinds: readonly LineKind[] = [
  features.detail,
  servers.host,
  servers.vendor,
  frame.usageHeading,
  servers.serverSpec,
  servers.licenseFiles,
  servers.vendorHeading,
  servers.failure,
  frame.sectionRule,
  frame.banner,
  frame.reportTime,
  frame.detecting,
  frame.note,
  frame.tableHeading,
  frame.tableRule,
  frame.tableRow,
  frame.toolVersion,
  frame.ellipsis,
  frame.command,
  servers.unreachable,
  frame.noteRest,
];
const indentedKinds = [
  features.vendorString,
  features.lock,
  ...entryKinds,
  ...headingKinds,
  ...otherKinds,
];
const marginKinds = [
  features.vendorString,
  features.lock,
  ...headingKinds,
  ...entryKinds,
  ...otherKinds,
];

/** Puts a line where it belongs; false when it is no line of lmstat's. */
export function takeLine(line: Line, outline: Outline): boolean {
  const kinds = line.isIndented ? indentedKinds : marginKinds;
  return kinds.some((kind) => kind(line, outline));
}
