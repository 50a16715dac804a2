/** The page's only style sheet: light and dark by the reader's setting, one column on a phone, two beside each other from 900 px. */
export const style = `
:root{color-scheme:light dark;--page:#fbfbf9;--card:#fff;--ink:#1c1f23;--quiet:#5f6670;--rule:#e3e4e0;--best:#e6f2ea;--good:#17693f;--bad:#a3341f;--warn:#fff4dc;--warnink:#6d4a00;
--c0:#1f6fd1;--c1:#d1690a;--c2:#14866a;--c3:#b1378b;--c4:#6a53c4;--c5:#8a6a00;--c6:#c03b3b;--c7:#3b7f94}
@media(prefers-color-scheme:dark){:root{--page:#14161a;--card:#1b1e23;--ink:#e8e9ea;--quiet:#9aa1ab;--rule:#30343b;--best:#1d3a2a;--good:#6fcf97;--bad:#f0937f;--warn:#3a2f14;--warnink:#f1d48a;
--c0:#6cabf7;--c1:#f5a04c;--c2:#4fc9a4;--c3:#ec86c8;--c4:#ab9af5;--c5:#d9b94a;--c6:#f28b82;--c7:#7fc4da}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-text-size-adjust:100%}
main{max-width:1160px;margin:0 auto;padding:32px 20px 48px}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:1.25rem;margin:44px 0 10px}
h3{font-size:1rem;margin:18px 0 8px}
p{max-width:72ch;margin:8px 0}
.quiet{color:var(--quiet)}
.spread{display:block;color:var(--quiet);font-weight:400;font-size:.8rem}
p.quiet{font-size:.9rem}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--rule);border-radius:8px;margin:12px 0}
table{border-collapse:separate;border-spacing:0;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:7px 12px;text-align:right;white-space:nowrap;border-top:1px solid var(--rule)}
thead tr:first-child>*{border-top:0}
thead th{font-weight:500;color:var(--quiet);font-size:.8rem}
thead tr.group th{padding-bottom:0;text-align:left;color:var(--ink)}
thead tr.group+tr th{border-top:0}
thead tr.group th+th{border-left:1px solid var(--rule)}
tbody th,thead th:first-child{text-align:left;position:sticky;left:0;background:var(--card)}
tbody th{font-weight:600;white-space:normal;min-width:104px;line-height:1.3}
td.best{font-weight:700;background:var(--best)}
.runs th,.runs td{padding:6px 9px}
.runs thead th{white-space:normal;min-width:84px;vertical-align:bottom;line-height:1.3}
.better{color:var(--good)}.worse{color:var(--bad)}
.words td span{font-size:.8rem}.words td{vertical-align:top}
.swatch{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:7px;background:currentColor}
.swatch.dotted{border-radius:50%;margin:0}
.findings{padding-left:20px;margin:10px 0;max-width:80ch}.findings li{margin:3px 0}
.warning{background:var(--warn);color:var(--warnink);border-radius:8px;padding:10px 14px}
.pair{display:grid;grid-template-columns:minmax(0,1fr);gap:20px;align-items:start}
@media(min-width:900px){.pair{grid-template-columns:repeat(2,minmax(0,1fr))}}
figure{margin:0;padding:14px 16px 10px;background:var(--card);border:1px solid var(--rule);border-radius:8px}
figcaption{font-size:.85rem;color:var(--quiet);margin-bottom:4px}figcaption b{color:var(--ink);font-size:.95rem;margin-right:6px}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:2px 16px;margin:4px 0 8px;padding:0;font-size:.82rem}
.legend li{display:flex;align-items:center;gap:6px}
.key{width:26px;height:10px;flex:none}
.chart{display:block;width:100%;height:auto;overflow:visible}
.chart{fill:currentColor;text-anchor:middle;color:var(--quiet)}
.chart text{font-size:11.5px;font-variant-numeric:tabular-nums;white-space:pre}
.many{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,220px),1fr));gap:12px}
details{margin:10px 0}summary{cursor:pointer}
.line{fill:none;stroke:currentColor;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round;vector-effect:non-scaling-stroke}
.line.strong{stroke-width:3}
.d1{stroke-dasharray:7 4}.d2{stroke-dasharray:2 4}.d3{stroke-dasharray:9 4 2 4}
.c0{color:var(--c0)}.c1{color:var(--c1)}.c2{color:var(--c2)}.c3{color:var(--c3)}.c4{color:var(--c4)}.c5{color:var(--c5)}.c6{color:var(--c6)}.c7{color:var(--c7)}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(210px,1fr));gap:8px 20px;margin:12px 0;font-size:.9rem}
dt{color:var(--quiet);font-size:.8rem}dd{margin:0;overflow-wrap:anywhere}
footer{margin-top:44px;border-top:1px solid var(--rule);padding-top:14px;font-size:.88rem}
footer dl{grid-template-columns:minmax(0,1fr);gap:4px}footer dl div{display:grid;grid-template-columns:88px minmax(0,1fr);gap:12px}footer dt{font-size:inherit}
@media(max-width:600px){main{padding:20px 14px 32px}h1{font-size:1.4rem}h2{margin-top:34px}th,td{padding:6px 9px}figure{padding:12px 10px 8px}}
@media print{.scroll,figure{break-inside:avoid}}
`;
