/**
 * `fauxlm/lmstat`: reads what lmstat prints, of any release. Loads nothing else of fauxlm, and nothing of Node.
 * @packageDocumentation
 */

export { parseLmstat } from './text/lmstat-parser/parse-lmstat.ts';
export * from './text/lmstat-parser/parsed.ts';
