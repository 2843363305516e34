/** Of the API's reference alone: it is as wide as its lines are long, and its code scrolls within itself. */
export const REFERENCE = `
main.wide{max-width:60rem;margin-block:0}
.reference h2{font-size:1.25rem;margin-top:2.75rem;scroll-margin-top:1rem}
.reference h3{font-size:1rem;line-height:1.4;font-weight:600;margin:0}
.reference .contents{display:flex;flex-wrap:wrap;gap:.25rem 1rem;margin-top:1.25rem}
.reference .contents a{display:inline-flex;align-items:center;min-height:2.75rem}
.reference code,.reference pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.8125rem}
.reference pre{margin:.5rem 0 0;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.75rem;background:var(--sunken);overflow-x:auto;white-space:pre;overflow-wrap:normal}
.reference details{margin-top:.75rem;border:1px solid var(--line);border-radius:.75rem;background:var(--surface)}
.reference summary{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem .75rem;min-height:2.75rem;padding:.5rem .875rem;cursor:pointer;border-radius:.75rem}
.reference summary:hover{background:var(--sunken)}
.reference .method{min-width:3.75rem;font-weight:650;color:var(--accent)}
.reference .said{color:var(--muted);font-size:.9375rem}
.reference .inside{padding:.25rem .875rem 1rem}
.reference .inside h4{margin:1.125rem 0 0;font-size:.875rem;font-weight:600}
.reference table{width:100%;border-collapse:collapse;margin-top:.375rem;font-size:.875rem}
.reference th{font-weight:400;text-align:start;vertical-align:top}
.reference th,.reference td{padding:.4375rem .75rem .4375rem 0;border-top:1px solid var(--line);vertical-align:top}
.reference td+td,.reference th+td{color:var(--muted)}
@media (max-width:40rem){.reference tr{display:block;padding:.375rem 0;border-top:1px solid var(--line)}.reference th,.reference td{display:block;border:0;padding:.0625rem 0}}
`;
