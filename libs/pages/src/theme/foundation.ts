/** Page, type and focus. Sizes are in rem, so that a larger text size enlarges everything. */
export const FOUNDATION = `
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{
  margin:0;min-height:100vh;min-height:100dvh;
  display:flex;flex-direction:column;align-items:center;
  padding:clamp(0rem,8vh,5rem) 1rem 1.5rem;
  background:var(--canvas) radial-gradient(70rem 34rem at 50% -14rem,var(--glow),transparent) no-repeat;color:var(--text);
  font:400 1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans",Arial,sans-serif;
  overflow-wrap:anywhere;-webkit-font-smoothing:antialiased;
}
h1,h2,p,ul,dl,dd{margin:0;padding:0}
h1{font-size:1.625rem;line-height:1.22;font-weight:640;letter-spacing:-0.021em;text-wrap:balance}
h2{font-size:.9375rem;line-height:1.4;font-weight:600}
p{text-wrap:pretty}
ul{list-style:none}
strong{font-weight:600}
a{color:var(--accent);text-underline-offset:.2em;text-decoration-thickness:.06em}
a:hover{text-decoration-thickness:.12em}
:focus-visible{outline:.1875rem solid var(--accent);outline-offset:.1875rem}
main{width:100%;max-width:27rem;margin-block:auto}
.card{background:var(--surface);border:1px solid var(--line);border-radius:1.25rem;padding:2.25rem;box-shadow:var(--shadow)}
footer{margin-top:1.5rem;color:var(--muted);font-size:.8125rem;display:flex;align-items:center;justify-content:center;gap:.375rem}
footer .icon{width:1rem;height:1rem}
@media (max-width:30rem){
  body{padding:0;background:var(--surface)}
  main{margin-block:0;flex:1}
  .card{border:0;border-radius:0;box-shadow:none;padding:1.5rem 1.25rem}
  footer{padding:1rem 1.25rem 1.5rem;margin-top:0}
}
@media (prefers-reduced-motion:no-preference){
  .button,.field input{transition:background-color .12s ease,border-color .12s ease,box-shadow .12s ease}
}
`;
