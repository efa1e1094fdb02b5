"""The look of the report as a page: the portal's own tokens, light and dark, nothing fetched."""
from __future__ import annotations

__all__ = ["STYLE"]

STYLE = """
:root{color-scheme:light dark;--bg:#FAF7F1;--surface:#fff;--sunken:#F3EDE2;--line:#E2D9CA;
--line-strong:#857A6A;--ink:#1F1B16;--ink-2:#4A433A;--ink-3:#655C50;--primary:#1E3F7A;
--primary-soft:#E7EDF7;--link:#1B4C9A;--accent:#D9970F;--accent-soft:#FCF0D6;--accent-ink:#6B4700;
--ok:#1E6B47;--ok-soft:#E2F1E8;--ok-ink:#14543A;--danger:#A62B22;--danger-soft:#FBE9E6;
--danger-ink:#8A1F18;--manggis-soft:#F2E8F5;--brand:#1E3F7A;--brand-2:#E8B23A;--on-pin:#fff;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
@media(prefers-color-scheme:dark){:root{--bg:#171512;--surface:#211E1A;--sunken:#1B1815;
--line:#3A352E;--line-strong:#918676;--ink:#F3EEE5;--ink-2:#CFC6B8;--ink-3:#B0A696;
--primary:#A9C1F2;--primary-soft:#22304D;--link:#A9C1F2;--accent:#E8B23A;--accent-soft:#3B2F14;
--accent-ink:#F2CD7C;--ok:#7CCBA0;--ok-soft:#1B3427;--ok-ink:#A9E0C2;--danger:#F0958B;
--danger-soft:#43211D;--danger-ink:#F7BDB6;--manggis-soft:#35233B;--on-pin:#171512}}
*,*::before,*::after{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);
font:400 1rem/1.55 -apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif;
overflow-wrap:break-word}
h1,h2,h3,p,ul,dl{margin:0}h1{font-size:clamp(1.6rem,1.3rem + 1.5vw,2.2rem);line-height:1.2}
h2{font-size:1.4rem;line-height:1.25}h3{font-size:1.1rem;line-height:1.35}
p{max-width:70ch}a{color:var(--link);text-underline-offset:.18em}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:4px}
.weave{height:6px;background-color:var(--brand);background-image:
linear-gradient(90deg,var(--brand-2) 50%,transparent 50%),
linear-gradient(90deg,transparent 50%,var(--brand-2) 50%);background-size:12px 2px;
background-position:0 1px,0 3px;background-repeat:repeat-x}
main{max-width:1200px;margin-inline:auto;padding:1.5rem 1rem 4rem;display:grid;gap:2rem;
grid-template-columns:minmax(0,1fr)}
section{display:grid;gap:.9rem;grid-template-columns:minmax(0,1fr)}
.card{background:var(--surface);border:1px solid var(--line);border-radius:14px;padding:1rem 1.1rem}
.sum{border-left:5px solid var(--accent)}.sum.ok{border-left-color:var(--ok)}
.sum.stop{border-left-color:var(--danger)}
.sm{font-size:.875rem}.xs{font-size:.8125rem}.muted{color:var(--ink-3)}
ul.plain{list-style:none;padding:0}ul.plain.card{padding:.15rem 1.1rem}
ul.rows>li{padding:.85rem 0}
ul.rows>li+li{border-top:1px solid var(--line)}
.scores{display:grid;gap:.75rem;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr))}
.scores div{background:var(--surface);border:1px solid var(--line);border-radius:8px;
padding:.7rem .9rem}.scores b{display:block;font-size:1.5rem;font-variant-numeric:tabular-nums}
.finding{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.2rem .8rem}
.pin{display:inline-grid;place-items:center;min-width:1.6rem;height:1.6rem;padding:0 .35rem;
border-radius:999px;background:var(--danger);color:var(--on-pin);font-weight:700;
font-size:.8125rem;text-decoration:none;font-variant-numeric:tabular-nums}
.pin.fix{background:var(--accent);color:#1F1B16}.pin.tip{background:var(--primary)}
.sev{font-weight:600;font-size:.8125rem;color:var(--danger-ink)}
.sev.fix{color:var(--accent-ink)}.sev.tip{color:var(--primary)}
.t{font-weight:600}.where{color:var(--ink-3);font-size:.875rem}.how{font-size:.9375rem}
.two{display:grid;gap:1.5rem;grid-template-columns:minmax(0,1fr)}
@media(min-width:1024px){.two{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}}
.sm ul,ul.sm{padding-left:1.2rem}
.two>div{display:grid;gap:.5rem;align-content:start;grid-template-columns:minmax(0,1fr)}
.scroll{overflow:auto;max-height:34rem;border:1px solid var(--line);border-radius:8px;
background:var(--surface)}
table{border-collapse:collapse;width:100%}caption{text-align:left}
.xls{font-size:.75rem;white-space:nowrap;font-variant-numeric:tabular-nums}
.xls th{background:var(--sunken);color:var(--ink-3);font-weight:500;padding:.2rem .45rem;
border:1px solid var(--line);text-align:center}
.xls td{border:1px solid var(--line);padding:.2rem .5rem;max-width:22rem;overflow:hidden;
text-overflow:ellipsis}.n{text-align:right;font-variant-numeric:tabular-nums}
.z-judul{background:var(--manggis-soft)}.z-kepala{background:var(--primary-soft);font-weight:600}
.z-isi{background:var(--surface)}.z-jumlah{background:var(--ok-soft);font-weight:600}
.z-lewat{background:var(--sunken);color:var(--ink-3);text-decoration:line-through}
.gap td{text-align:center;color:var(--ink-3);background:var(--sunken)}
td.err{box-shadow:inset 0 0 0 2px var(--danger);background:var(--danger-soft)}
td.fix{box-shadow:inset 0 0 0 2px var(--accent);background:var(--accent-soft)}
td.tip{box-shadow:inset 0 0 0 2px var(--primary);background:var(--primary-soft)}
.tidy{font-size:.875rem}.tidy th,.tidy td{padding:.4rem .6rem;border-bottom:1px solid var(--line);
text-align:left;white-space:nowrap}.tidy thead th{position:sticky;top:0;background:var(--sunken);
font-size:.8125rem}.tidy th small{display:block;font-weight:400;color:var(--ink-3)}
.tidy td.n,.tidy th.n{text-align:right}.code{font-family:var(--mono);font-size:.8125rem}
.none{color:var(--ink-3)}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1rem;list-style:none;padding:0;font-size:.8125rem}
.legend i{display:inline-block;width:1rem;height:1rem;border-radius:3px;vertical-align:-.15rem;
margin-right:.35rem;border:1px solid var(--line-strong)}
.tag{display:inline-block;font-size:.75rem;font-weight:600;border-radius:999px;
padding:.05rem .55rem;background:var(--ok-soft);color:var(--ok-ink)}
.tag.ask{background:var(--accent-soft);
color:var(--accent-ink)}
@media print{.scroll{max-height:none;overflow:visible}}
"""
