/** Colours behind the figures of a heat map from cold to hot, with the text colour that has the better contrast. */
export const heatSteps: readonly { readonly background: string; readonly text: string }[] = [
  { background: '#ffffff', text: '#000' },
  { background: '#e3eef8', text: '#000' },
  { background: '#c8dcf0', text: '#000' },
  { background: '#a9c8e6', text: '#000' },
  { background: '#86b1da', text: '#000' },
  { background: '#639acd', text: '#000' },
  { background: '#3f74ad', text: '#fff' },
  { background: '#26558b', text: '#fff' },
  { background: '#143a68', text: '#fff' },
];

/** The step of a place on the scale, 0-1. */
export function heatStep(place: number): number {
  return Math.min(Math.floor(place * heatSteps.length), heatSteps.length - 1);
}

const heatRules = heatSteps
  .map(({ background, text }, step) => `td.h${step}{background:${background};color:${text}}`)
  .join('\n');

/** How every report looks: on a screen of any width, light or dark, and on paper. */
export const style = `
:root{color-scheme:light dark;--page:#fff;--text:#1c2430;--quiet:#5a6676;--line:#d5dce5;--head:#edf2f8;--bar:#b9d3ee;--link:#1f5f9e;--warn:#fff4d6;--warn-line:#e0b64a;--up:#1b7f4b;--down:#b3402e}
@media (prefers-color-scheme:dark){:root{--page:#14181e;--text:#e2e7ee;--quiet:#9aa7b6;--line:#333c47;--head:#222a34;--bar:#2b4d70;--link:#8bbcf0;--warn:#3a3118;--warn-line:#8a6d24;--up:#58c48a;--down:#ee8b78}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;padding:1.25rem;max-width:90rem;background:var(--page);color:var(--text);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif;overflow-wrap:break-word}
h1{font-size:1.6rem;line-height:1.2;margin:0 0 .75rem}
h2{font-size:1.2rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:1.25rem 0 .4rem}
p.about{margin:-.25rem 0 .6rem;color:var(--quiet)}
a{color:var(--link)}
dl.parameters{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;margin:0;color:var(--quiet)}
dl.parameters div{min-width:0}
dl.parameters dt,dl.parameters dd{display:inline;margin:0}
dl.parameters dd{color:var(--text)}
nav ul{display:flex;flex-wrap:wrap;gap:.35rem 1rem;list-style:none;margin:1rem 0 0;padding:.5rem 0;border-block:1px solid var(--line)}
nav a{text-decoration:none}
nav a:hover,nav a:focus-visible{text-decoration:underline}
.notice{margin:.75rem 0 0;padding:.5rem .75rem;border-left:.25rem solid var(--line);background:var(--head)}
.notice.warning{background:var(--warn);border-color:var(--warn-line)}
.scroll{overflow:auto;border:1px solid var(--line);border-radius:.3rem;width:fit-content;max-width:100%}
.tall{max-height:85vh}
table{border-collapse:separate;border-spacing:0;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .7rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
tbody:last-child tr:last-child td,tfoot tr:last-child td{border-bottom:0}
tfoot td{font-weight:600}tfoot tr:first-child td{border-top:1px solid var(--quiet)}
th{position:sticky;top:0;z-index:1;background:var(--head);padding:0;font-weight:600;vertical-align:bottom}
th button{all:unset;box-sizing:border-box;position:relative;display:block;width:100%;padding:.4rem .7rem;cursor:pointer}
th button:focus-visible,.scroll:focus-visible{outline:2px solid var(--link);outline-offset:-2px}
th button::after{position:absolute;right:0;width:.7rem;font-size:.75em;text-align:center}
th[aria-sort=ascending] button::after{content:"\\25B4"}
th[aria-sort=descending] button::after{content:"\\25BE"}
.n{text-align:right}
td:not(.long){white-space:nowrap}
td.long{min-width:min(15rem,70vw);max-width:38rem}
td.u{color:var(--quiet)}
td.bar{background:linear-gradient(to right,var(--bar) var(--w),transparent 0)}
td svg{display:block;width:6rem;height:1.3em;fill:none;stroke:var(--link);stroke-width:1.5}
td.up::before{content:"\\25B2\\00A0";font-size:.7em;color:var(--quiet)}
td.down::before{content:"\\25BC\\00A0";font-size:.7em;color:var(--quiet)}
${heatRules}
.beside{display:flex;flex-wrap:wrap;gap:0 2rem}.beside>*{min-width:0;max-width:100%}.beside>.figures{flex:1 1 24rem}
.figures{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;margin-top:1rem}
figure{margin:0;max-width:100%;overflow-x:auto}
figure svg{display:block;max-width:100%;height:auto}
ul.notes{margin:.5rem 0 0;padding-left:1.1rem;color:var(--quiet);font-size:.9rem}
ul.lines{margin:.5rem 0 0;padding-left:1.1rem}
.empty{color:var(--quiet)}
@media (max-width:40rem){.few td{white-space:normal}.few td.long{min-width:6rem}table{font-size:13px}body{padding:.75rem;font-size:14px}h1{font-size:1.3rem}td{padding:.3rem .35rem}th button{padding:.4rem .35rem}
th:first-child,td:first-child{position:sticky;left:0;min-width:5.5rem;max-width:45vw;white-space:normal;background-color:var(--page)}th:first-child{z-index:2;background-color:var(--head)}}
@media print{@page{size:A4 landscape;margin:12mm}
:root{--page:#fff;--text:#000;--quiet:#444;--line:#bbb;--head:#eef2f7;--bar:#c9dcf0;--link:#000;--warn:#fff7e0;--warn-line:#c99a2e;--up:#1b7f4b;--down:#b3402e}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
html{font-size:8pt}body{max-width:none;padding:0;font-size:1rem}nav{display:none}
h2{margin-top:1.2rem}h3{margin-top:.8rem}h2,h3,p.about{break-after:avoid}tr,figure,.figures{break-inside:avoid}thead,tbody tr:nth-child(-n+3){break-after:avoid}
.navigation{display:none}.figures{display:grid;grid-template-columns:1fr 1fr;gap:.3rem 1rem}.beside:not(.small){display:block}.beside.small{break-inside:avoid}.beside.small>.figures{grid-template-columns:1fr;flex-basis:18rem;align-content:start;margin-top:0}.beside.small figure svg{max-height:13.5rem;width:auto}
h1{font-size:1.2rem;margin-bottom:.3rem}#chapter-summary{zoom:.87}#chapter-summary td{padding-block:.03rem}#chapter-summary>h2,#chapter-summary>.about{display:none}.notice{padding:.2rem .5rem;margin-top:.3rem}
tfoot{display:table-row-group}.scroll{overflow:visible;max-height:none;border:0;width:auto}th{position:static;padding:.15rem .4rem}
th button{display:contents}th button::after{display:none}td{padding:.1rem .4rem}td.long{min-width:0}td:not(.n):not(.d){white-space:normal}
table{line-height:1.3}.about{margin-bottom:.3rem}
.many{font-size:7pt}.many th,.many td{padding-inline:.2rem}
.crowded{font-size:5.2pt}.crowded th,.crowded td{padding-inline:.12rem}.crowded td:first-child{white-space:nowrap}}
`;
