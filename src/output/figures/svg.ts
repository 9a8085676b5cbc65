import type { Figure, ResultTable } from '../../core/table.js';
import type { FormatOptions } from '../format.js';
import { specification } from './specification.js';

/** A figure as an SVG element, without a style, a script or an address in it. Equal figures give equal text. */
export async function figureSvg(figure: Figure, table: ResultTable, options: FormatOptions): Promise<string> {
  // Slow to load: only what has figures waits for it.
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec } = compile(specification(figure, table, options), { logger: silent(vega) });
  const view = new vega.View(vega.parse(spec), { renderer: 'none', loader: nothing });
  try {
    const svg = await view.toSVG();
    return svg.replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', '');
  } finally {
    view.finalize();
  }
}

type Vega = typeof import('vega');

function silent({ logger, Error: errors }: Vega) {
  return logger(errors);
}

/** What a specification may load: nothing. */
const nothing = {
  options: {},
  load: refuse,
  sanitize: refuse,
  http: refuse,
  file: refuse,
};

async function refuse(): Promise<never> {
  throw new Error('figures load nothing');
}
