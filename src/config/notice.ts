import type { Notice } from '../core/table.js';
import type { InputFile } from '../input/settings.js';
import type { Config } from './types.js';

/**
 * What a configuration adds to the command line, so that a reader sees where settings come from.
 * @param applied options that it gave, as people write them
 */
export function configNotice(
  config: Config & { readonly applied: readonly string[] },
  files: readonly InputFile[],
): Notice {
  const settled = [
    ...new Set(files.filter(({ settings }) => Object.keys(settings).length > 0).map(({ path }) => path)),
  ];
  const currencies = Object.keys(config.rates?.byCurrency ?? {}).join(', ');
  const base = config.rates?.base;
  const en = [
    ...(config.applied.length > 0 ? [`options ${config.applied.join(', ')}`] : []),
    ...(settled.length > 0 ? [`settings for ${settled.join(', ')}`] : []),
    ...(base === undefined ? [] : [`rates of ${currencies} to ${base}`]),
  ];
  const ru = [
    ...(config.applied.length > 0 ? [`опции ${config.applied.join(', ')}`] : []),
    ...(settled.length > 0 ? [`настройки для ${settled.join(', ')}`] : []),
    ...(base === undefined ? [] : [`курсы ${currencies} к ${base}`]),
  ];
  return {
    code: 'configuration',
    level: 'info',
    text: {
      en: `Settings from ${config.path}: ${en.join('; ') || 'none that applies'}. --no-config leaves them out.`,
      ru: `Настройки из ${config.path}: ${ru.join('; ') || 'ни одна не относится'}. --no-config отменяет их.`,
    },
  };
}
