export const STYLE = `
:root {
  color-scheme: light dark;
  --canvas: #f6f6f9; --surface: #fff; --sunken: #f4f4f8; --line: #e3e3ec; --text: #17172a; --muted: #5c5c72;
  --accent: #4338ca; --on-accent: #fff; --tint: #ecebfb; --key: #6d28d9; --string: #0b6b4f; --atom: #a8410a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --canvas: #0e0e15; --surface: #171720; --sunken: #1e1e29; --line: #2d2d3b; --text: #ecebf3; --muted: #a5a4b8;
    --accent: #a5a0ff; --on-accent: #14132a; --tint: #262547; --key: #c4b5fd; --string: #7fdcb8; --atom: #fdba8c;
  }
}
*, *::before, *::after { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--canvas); color: var(--text);
  font: 400 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
  overflow-wrap: anywhere; -webkit-font-smoothing: antialiased;
}
h1, h2, h3, h4, p, ol, dl, dd, pre { margin: 0; padding: 0; }
h1 { font-size: clamp(1.625rem, 1.3rem + 1.4vw, 2.25rem); line-height: 1.15; letter-spacing: -0.024em; font-weight: 680; text-wrap: balance; }
h2 { font-size: 1.125rem; letter-spacing: -0.012em; font-weight: 640; }
h3 { font-size: 1rem; font-weight: 640; }
h4 { font-size: 0.8125rem; font-weight: 600; color: var(--muted); margin-top: 0.875rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
header, main, footer { width: 100%; max-width: 72rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2rem); }
header { display: flex; align-items: center; justify-content: space-between; gap: 1rem; min-height: 4.5rem; }
main { flex: 1; padding-block: clamp(0.5rem, 4vh, 2.5rem) 3rem; }
footer { padding-block: 1.5rem; color: var(--muted); font-size: 0.875rem; }
.home { display: inline-flex; align-items: center; gap: 0.625rem; min-height: 2.75rem; font-weight: 640; color: inherit; text-decoration: none; }
.mark { width: 1.75rem; height: 1.75rem; border-radius: 50%; border: 0.5rem solid var(--accent); }
.button {
  display: inline-flex; align-items: center; justify-content: center; min-height: 2.75rem; padding: 0.5rem 1.25rem;
  font: inherit; font-weight: 600; text-decoration: none; cursor: pointer;
  color: var(--on-accent); background: var(--accent); border: 1px solid transparent; border-radius: 0.75rem;
}
.button:hover { filter: brightness(1.08); }
.button.quiet { color: var(--text); background: var(--surface); border-color: var(--muted); }
.button.quiet:hover { background: var(--sunken); filter: none; }
.actions { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-top: 1.75rem; }
.hero .button { min-height: 3.25rem; padding-inline: 2rem; font-size: 1.0625rem; }
.lead { margin-top: 0.625rem; color: var(--muted); font-size: 1.0625rem; text-wrap: pretty; }
.hint { margin-top: 0.375rem; color: var(--muted); font-size: 0.9375rem; }
.notice { margin-bottom: 2rem; padding: 0.875rem 1.125rem; border-radius: 0.75rem; background: var(--tint); }
.card { padding: clamp(1.125rem, 3vw, 1.75rem); background: var(--surface); border: 1px solid var(--line); border-radius: 1.125rem; }
.card + .card { margin-top: 1.25rem; }
.narrow { max-width: 40rem; margin-inline: auto; }
.hero { display: grid; gap: clamp(2rem, 5vw, 4rem); align-items: start; }
.columns { display: grid; gap: 1.25rem; align-items: start; }
.columns > *, .hero > * { min-width: 0; }
@media (min-width: 56rem) {
  .hero { grid-template-columns: 1fr 1fr; padding-top: 3rem; }
  .columns { grid-template-columns: 1fr 22rem; }
  .columns aside { position: sticky; top: 1.25rem; }
}
@media (max-width: 55.99rem) { .columns aside { order: -1; } }
.person { display: flex; align-items: center; gap: 1.125rem; margin-bottom: clamp(1.5rem, 4vh, 2.25rem); }
.person > div { min-width: 0; }
.person .lead { margin-top: 0.25rem; }
.avatar {
  flex: none; display: grid; place-items: center; width: 3.5rem; height: 3.5rem; border-radius: 50%;
  background: var(--tint); color: var(--accent); font-size: 1.5rem; font-weight: 640;
}
.facts { margin-top: 2rem; border-top: 1px solid var(--line); }
.facts div { display: flex; flex-wrap: wrap; gap: 0 1.25rem; padding: 0.6875rem 0; border-bottom: 1px solid var(--line); font-size: 0.9375rem; }
.facts dt { flex: 0 0 6rem; color: var(--muted); }
.facts dd { flex: 1 1 12rem; min-width: 0; }
.hero .story { padding: clamp(1.25rem, 3vw, 2rem); background: var(--surface); border: 1px solid var(--line); border-radius: 1.125rem; }
.story ol { list-style: none; counter-reset: step; margin-top: 1.25rem; }
.story li { position: relative; counter-increment: step; padding: 0 0 1.25rem 2.75rem; }
.story li::before {
  content: counter(step); position: absolute; left: 0; top: -0.125rem; display: grid; place-items: center;
  width: 1.875rem; height: 1.875rem; border-radius: 50%; background: var(--tint); color: var(--accent); font-size: 0.875rem; font-weight: 640;
}
.story li::after { content: ""; position: absolute; left: 0.9rem; top: 2rem; bottom: 0.25rem; width: 1px; background: var(--line); }
.story li:last-child { padding-bottom: 0; }
.story li:last-child::after { display: none; }
.story strong { font-weight: 620; font-size: 0.9375rem; }
.story p { color: var(--muted); font-size: 0.875rem; margin-top: 0.125rem; }
table { width: 100%; margin-top: 1rem; border-collapse: collapse; font-size: 0.9375rem; }
thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
tbody tr { display: flex; flex-wrap: wrap; gap: 0.125rem 1.25rem; padding: 0.6875rem 0; border-top: 1px solid var(--line); }
tbody th { flex: 1 1 13rem; padding: 0; text-align: start; font-weight: 400; }
tbody th span { display: block; color: var(--muted); font-size: 0.8125rem; line-height: 1.4; }
tbody td { flex: 1.4 1 15rem; min-width: 0; padding: 0; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.84375rem; }
tbody code { font-weight: 600; }
pre { margin-top: 0.5rem; padding: 0.875rem 1rem; border-radius: 0.75rem; background: var(--sunken); line-height: 1.55; white-space: pre-wrap; }
.json .key { color: var(--key); }
.json .string { color: var(--string); }
.json .atom { color: var(--atom); }
.token { margin-top: 1.5rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
summary { display: inline-flex; align-items: center; min-height: 2.75rem; margin-top: 0.375rem; color: var(--accent); font-weight: 600; font-size: 0.9375rem; cursor: pointer; }
summary::before { content: "›"; display: inline-block; width: 1rem; }
details[open] summary::before { transform: rotate(90deg); transform-origin: 0.3rem 55%; }
`;
