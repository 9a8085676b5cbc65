import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Figure, ResultTable } from '../../core/table.js';
import type { FormatOptions } from '../format.js';
import { figureSvg } from './svg.js';

/** A picture, twice as fine as it is to be shown. */
export interface Picture {
  readonly png: Uint8Array;
  /** The size to show it in. */
  readonly width: number;
  readonly height: number;
}

const fineness = 2;

/** A figure as a picture on white, with a font that ships with the program, so that every machine draws it alike. */
export async function figurePicture(
  figure: Figure,
  table: ResultTable,
  options: FormatOptions,
): Promise<Picture> {
  const svg = await figureSvg(figure, table, options);
  const { Resvg } = await import('@resvg/resvg-js');
  const fonts = join(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'), '../ttf');
  const drawn = new Resvg(svg, {
    background: '#ffffff',
    fitTo: { mode: 'zoom', value: fineness },
    font: {
      loadSystemFonts: false,
      fontFiles: ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => join(fonts, file)),
      defaultFontFamily: 'DejaVu Sans',
    },
  }).render();
  return {
    png: drawn.asPng(),
    width: Math.round(drawn.width / fineness),
    height: Math.round(drawn.height / fineness),
  };
}
