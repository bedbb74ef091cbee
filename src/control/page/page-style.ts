/** The style of the live page and of the list of routes. */
export const pageStyle = `:root {
  color-scheme: light dark;
  --ground: #fff; --text: #1b1f24; --quiet: #57606a; --line: #d0d7de; --field: #f6f8fa;
  --out: #0b62c4; --borrowed: #7a3fc0; --reserved: #8a5a00; --queued: #b3261e; --free: #dfe5ea; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1419; --text: #e6edf3; --quiet: #9aa7b4; --line: #303a45; --field: #182029;
    --out: #58a6ff; --borrowed: #c297ff; --reserved: #e3a93c; --queued: #ff8a80; --free: #2b3640; --bad: #ff8a80;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 90rem; padding: 0 1rem 3rem; background: var(--ground); color: var(--text);
  font: 0.95rem/1.45 system-ui, sans-serif; }
h1 { font-size: 1.35rem; margin: 0.8rem 0 0; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 1.4rem 0 0.4rem; }
.facts, .note, .legend, footer { color: var(--quiet); margin: 0.2rem 0; }
.facts span { margin-right: 1rem; }
.skip { position: absolute; left: -100rem; }
.skip:focus { position: static; }
:focus-visible { outline: 3px solid var(--out); outline-offset: 2px; }
a { color: var(--out); }
main { display: grid; gap: 0 2rem; grid-template-columns: minmax(0, 1fr); }
@media (min-width: 70rem) {
  body:not(.docs) main { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
  #features, #over-time, #token-form { grid-column: 1 / -1; }
}
section { min-width: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 0.25rem 0.6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
.docs td { white-space: normal; }
thead th { position: sticky; top: 0; background: var(--ground); z-index: 1; }
.scroll { overflow: auto; max-height: 32rem; border: 1px solid var(--line); }
.tall { height: 24rem; }
#users-table td, #users-table th { height: 28px; padding-top: 0; padding-bottom: 0; max-width: 16rem; overflow: hidden;
  text-overflow: ellipsis; }
#users-table tr.space td { border: 0; padding: 0; height: auto; }
.bar { display: flex; height: 1rem; min-width: 9rem; background: var(--free); border: 1px solid var(--line); }
.bar i, .legend i { display: block; }
.bar i { min-width: 3px; }
.bar i.none { min-width: 0; }
.legend i { display: inline-block; width: 0.8rem; height: 0.8rem; border: 1px solid var(--line); }
.legend span { white-space: nowrap; margin-right: 0.8rem; }
.out { background: var(--out); } .borrowed { background: var(--borrowed); } .free { background: var(--free); }
.reserved { background: var(--reserved); } .queued { background: var(--queued); }
.bad { color: var(--bad); font-weight: 600; }
ul, ol { padding-left: 1.2rem; margin: 0.3rem 0; overflow-wrap: anywhere; }
#denials, #queue { max-height: 18rem; overflow: auto; }
#timeline { display: block; width: 100%; height: 14rem; background: var(--field); border: 1px solid var(--line);
  touch-action: pan-y; user-select: none; cursor: crosshair; font: 12px system-ui, sans-serif; }
#timeline text { fill: var(--quiet); } #timeline .grid { stroke: var(--line); stroke-width: 1; }
#timeline .seats-out { fill: none; stroke: var(--out); stroke-width: 2; stroke-linejoin: round; }
#timeline .under { fill: var(--out); fill-opacity: 0.15; }
#timeline .denied { fill: var(--bad); } #timeline .fault { fill: var(--borrowed); }
#timeline .down { fill: var(--text); }
#timeline .chosen { fill: var(--out); fill-opacity: 0.25; }
.legend i.seats-out { height: 3px; background: var(--out); border: 0; vertical-align: middle; }
.legend i.denied { width: 0; height: 0; border: 0.4rem solid transparent; border-bottom: 0;
  border-top: 0.7rem solid var(--bad); }
.legend i.fault { height: 0.4rem; background: var(--borrowed); border: 0; vertical-align: middle; }
.legend i.down { background: var(--text); border: 0; }
button, input, select { font: inherit; color: inherit; background: var(--field); border: 1px solid var(--quiet);
  border-radius: 0.3rem; padding: 0.25rem 0.6rem; max-width: 100%; }
button[aria-pressed="true"] { border-color: var(--out); box-shadow: inset 0 0 0 1px var(--out); }
dialog { color: inherit; background: var(--ground); border: 1px solid var(--quiet); border-radius: 0.4rem;
  max-width: 30rem; }
dialog::backdrop { background: rgb(0 0 0 / 50%); }
footer a { margin-right: 1rem; }
code { overflow-wrap: anywhere; }
@media (prefers-reduced-motion: no-preference) { .bar i { transition: width 0.2s; } }
`;
