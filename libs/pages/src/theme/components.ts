/** The parts that pages are made of. Every target is at least 2.75rem (44 px) high. */
export const COMPONENTS = `
.brand{display:flex;align-items:center;gap:.625rem;font-weight:600;font-size:.9375rem;letter-spacing:-.006em;margin-bottom:2rem}
.logo{height:2rem;max-width:9rem;object-fit:contain;border-radius:.375rem}
.monogram{flex:none;display:inline-grid;place-items:center;width:2rem;height:2rem;border-radius:.5625rem;font-size:.9375rem;font-weight:650;line-height:1}
.monogram-brand{background:var(--solid);color:var(--on-solid)}
.monogram-client{width:3rem;height:3rem;border-radius:.875rem;font-size:1.25rem;background:var(--tint);color:var(--accent)}
.monogram-person{width:2.5rem;height:2.5rem;border-radius:50%;background:var(--surface);border:1px solid var(--line);color:var(--accent)}
.icon{flex:none;width:1.375rem;height:1.375rem;fill:none;stroke:currentColor;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.lead{color:var(--muted);margin-top:.5rem}
.lead strong{color:var(--text)}
.stack{display:flex;flex-direction:column;gap:1.125rem;margin-top:1.75rem}
.field{display:flex;flex-direction:column;gap:.4375rem}
.field label{font-size:.9375rem;font-weight:550}
.field input{
  width:100%;min-height:3rem;padding:.625rem .875rem;font:inherit;color:var(--text);
  background:var(--surface);border:1px solid var(--field-line);border-radius:.75rem;
}
.field input:hover{border-color:var(--muted)}
.field input:focus{outline:.1875rem solid var(--accent);outline-offset:-1px;border-color:transparent}
.field input[aria-invalid="true"]{border-color:var(--danger)}
.choice{display:flex;align-items:center;gap:.625rem;min-height:2.75rem;font-size:.9375rem}
.choice input{flex:none;width:1.25rem;height:1.25rem;margin:0;accent-color:var(--solid)}
.choice label{flex:1;padding-block:.625rem}
.button{
  display:inline-flex;align-items:center;justify-content:center;width:100%;min-height:3rem;padding:.625rem 1.25rem;
  font:inherit;font-weight:600;text-align:center;text-decoration:none;
  border:1px solid transparent;border-radius:.75rem;cursor:pointer;
}
.button-primary{background:var(--solid);color:var(--on-solid);border-color:var(--solid-edge)}
.button-primary:hover{background:var(--solid-hover)}
.button-quiet{background:var(--surface);color:var(--text);border-color:var(--field-line)}
.button-quiet:hover{background:var(--sunken)}
.button-row{justify-content:flex-start;min-height:2.75rem;padding:.5rem .75rem .5rem 4rem;background:none;color:var(--accent);font-size:.9375rem;text-align:start;border-top-color:var(--line);border-radius:0 0 .8125rem .8125rem}
.button-row:hover{background:var(--tint)}
.actions{display:flex;flex-direction:column;gap:.75rem;margin-top:.375rem}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,8.5rem),1fr));gap:.75rem}
.notice{display:flex;gap:.75rem;margin-top:1.5rem;padding:.875rem 1rem;border-radius:.75rem;border:1px solid var(--line);background:var(--sunken);font-size:.9375rem;line-height:1.45}
.notice .icon{margin-top:.0625rem}
.notice-danger{background:var(--danger-tint);border-color:var(--danger-line);color:var(--danger)}
.notice-danger p{color:var(--text)}
.notice-danger strong{color:var(--danger)}
.badge{display:inline-grid;place-items:center;width:3rem;height:3rem;border-radius:.875rem;margin-bottom:1.25rem;background:var(--tint);color:var(--accent)}
.badge-danger{background:var(--danger-tint);color:var(--danger)}
.client-mark{margin-bottom:1.25rem}
.client-logo{display:block;width:3rem;height:3rem;object-fit:contain;border-radius:.875rem;background:#fff}
.account{border:1px solid var(--line);border-radius:.875rem;background:var(--sunken)}
.account-row{display:flex;align-items:center;gap:.75rem;padding:.75rem}
.account-name{flex:1;min-width:0;display:flex;flex-direction:column;font-size:.9375rem;line-height:1.35}
.account-name span{color:var(--muted);font-size:.875rem}
.scopes{display:flex;flex-direction:column;margin-top:.75rem;border-top:1px solid var(--line)}
.scopes li{display:flex;gap:.875rem;padding:.8125rem .125rem;border-bottom:1px solid var(--line)}
.scopes li:last-child{border-bottom:0;padding-bottom:0}
.scopes .icon{color:var(--accent);margin-top:.0625rem}
.scopes div{min-width:0;font-size:.9375rem;line-height:1.4;font-weight:550}
.scopes p{color:var(--muted);font-size:.875rem;font-weight:400;margin-top:.125rem}
.small{font-size:.875rem;color:var(--muted)}
.small strong{color:var(--text)}
.links{display:flex;flex-wrap:wrap;gap:0 1.25rem}
.links span{display:inline-flex;flex-wrap:wrap;align-items:center;gap:.375rem;min-height:2.75rem}
.links a{display:inline-flex;align-items:center;min-height:2.75rem}
.facts{margin-top:.75rem;border-radius:.75rem;background:var(--sunken);border:1px solid var(--line);padding:.25rem 1rem}
.facts div{padding:.625rem 0}
.facts div+div{border-top:1px solid var(--line)}
.facts dt{color:var(--muted);font-size:.8125rem;line-height:1.4}
.facts dd{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.8125rem;line-height:1.6;user-select:all;-webkit-user-select:all}
.support{margin-top:1.75rem}
.user-code,.field input.user-code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:1.375rem;letter-spacing:.12em;text-transform:uppercase}
p.user-code{margin:.35rem 0;font-weight:600}
@media (max-width:30rem){.brand{margin-bottom:1.75rem}}
`;
