/** The look of the plan's page: light or dark as the reader's system is, one column or more as there is room. */
export const planStyle = `
:root { color-scheme: light dark; --back: #fbfbfa; --card: #fff; --text: #1d2329; --dim: #5d6772; --grid: #e3e6ea;
  --use: #2563a8; --want: #8a5a00; --bad: #b3261e; --good: #1a7f4b; --edge: #d8dce1; }
@media (prefers-color-scheme: dark) { :root { --back: #14181c; --card: #1c2227; --text: #e6e9ec; --dim: #a3adb8;
  --grid: #323a42; --use: #6cb0f5; --want: #f0b849; --bad: #ff8a80; --good: #6fd39f; --edge: #39424b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 20px 16px 48px; background: var(--back); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 4px; } h2 { font-size: 1.35rem; margin: 40px 0 8px; }
h3 { font-size: 1rem; margin: 0 0 2px; } p { margin: 4px 0 10px; } small, .dim { color: var(--dim); }
.answer { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: center; background: var(--card);
  border: 1px solid var(--edge); border-left: 6px solid var(--use); border-radius: 8px; padding: 14px 18px; }
.answer b { font-size: 2.6rem; line-height: 1; white-space: nowrap; } .answer p { flex: 1 1 320px; margin: 0; }
.answer.none { border-left-color: var(--want); }
.caveat { border-left: 6px solid var(--want); padding: 2px 0 2px 18px; margin: 10px 0; } .caveat ul { margin: 2px 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 14px;
  margin: 14px 0; align-items: start; }
figure { margin: 0; background: var(--card); border: 1px solid var(--edge); border-radius: 8px;
  padding: 12px 14px; min-width: 0; }
figcaption { color: var(--dim); font-size: 0.875rem; margin-top: 6px; }
svg { display: block; width: 100%; height: auto; font: 13px system-ui, sans-serif; }
svg text { fill: var(--dim); } svg .label { fill: var(--text); }
svg .name { fill: var(--text); font-weight: 600; paint-order: stroke; stroke: var(--card); stroke-width: 3px; }
svg .grid { stroke: var(--grid); } svg .mark { stroke-dasharray: 5 4; stroke-width: 1.5; }
svg .line { fill: none; stroke-width: 2; stroke-linejoin: round; } svg .area { stroke: none; fill-opacity: 0.22; }
svg .use { stroke: var(--use); fill: var(--use); } svg .want { stroke: var(--want); fill: var(--want); }
svg .bad { stroke: var(--bad); fill: var(--bad); } svg .good { stroke: var(--good); fill: var(--good); }
svg .line.use, svg .line.want, svg .line.bad, svg .line.good { fill: none;
  } svg .bar.use, svg .bar.bad, svg .area.use { stroke: none; }
svg .cell { fill: var(--use); } .key { font-weight: 600; }
.key.use { color: var(--use); } .key.want { color: var(--want); } .key.bad { color: var(--bad);
  } .key.good { color: var(--good); }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 0.925rem; }
th, td { text-align: left; padding: 5px 10px 5px 0; border-bottom: 1px solid var(--grid); vertical-align: top; }
th { overflow-wrap: normal; }
th:first-child, td:first-child { min-width: 7.5em; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; } td.number { white-space: nowrap; }
td .size { display: block; height: 9px; border-radius: 3px; background: var(--use); margin-top: 6px; }
ul { padding-left: 1.2em; margin: 6px 0; } details { margin-top: 12px; } summary { cursor: pointer; }
@media (max-width: 520px) { svg { font-size: 16px; } svg .label { font-size: 14px; }
  table { font-size: 0.8rem; } th, td { padding-right: 6px; } th:first-child, td:first-child { min-width: 5em; }
  .sources tr { display: grid; grid-template-columns: 1fr 1.3fr 1fr 1.3fr; } .sources th { font-size: 0.75rem; }
  .sources th:first-child, .sources td:first-child { grid-column: 1 / -1; border: 0; } }
@media print { body { max-width: none; } figure { break-inside: avoid; } }
`;
