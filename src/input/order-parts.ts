import type { Notice } from '../core/table.js';
import { unrecognised } from './recognise.js';
import type { RecognisedSource, Source } from './source.js';

/**
 * Keeps the tables that hold half of the orders where both halves are there. Where complete orders are given
 * too, only halves that a known exporter wrote, or the user called orders, are taken for more of them.
 * @param mayPassOver whether a half that lacks the other may be left out: a file found in a folder
 * @throws UserError for a half without the other, unless it is a sheet beside others that are used
 */
export function pairOrderParts(
  sources: readonly RecognisedSource[],
  mayPassOver: (source: Source) => boolean,
): { sources: readonly RecognisedSource[]; notices: Notice[] } {
  const halves = sources.filter(({ part }) => part !== undefined);
  if (halves.length === 0) return { sources, notices: [] };
  const hasCompleteOrders = sources.some(({ role, part }) => role === 'orders' && part === undefined);
  const joined = halves.filter(
    ({ exporter, source }) =>
      !hasCompleteOrders || exporter !== undefined || source.settings.role === 'orders',
  );
  const heads = joined.filter(({ part }) => part === 'heads');
  const lines = joined.filter(({ part }) => part === 'lines');
  const isPaired = heads.length > 0 && lines.length > 0;
  const itemised = lines.filter(({ columns }) => columns.product !== undefined);
  // The same money once more: what was paid for the lines.
  const payments = itemised.length > 0 ? lines.filter((one) => !itemised.includes(one)) : [];
  const left = isPaired ? halves.filter((one) => !joined.includes(one)) : halves;
  for (const { source, part, exporter } of left) {
    const isBesideOthers = sources.some(
      (other) => other.part === undefined && other.source.file === source.file,
    );
    if (!isBesideOthers && !(mayPassOver(source) && left.length < sources.length))
      throw unrecognised(source, part, exporter?.otherHalf);
  }
  return {
    sources: sources.filter((one) => !left.includes(one) && !(isPaired && payments.includes(one))),
    notices: [
      ...left.map(({ source }) => halfNotice(source)),
      ...(isPaired ? payments.map(({ source }) => paymentsNotice(source)) : []),
    ],
  };
}

/** Which sources are of known exporters, and how these are counted. */
export function exporterNotices(sources: readonly RecognisedSource[]): Notice[] {
  return sources.flatMap(({ source, exporter }) => {
    if (exporter === undefined) return [];
    const { name, how } = exporter;
    return [
      notice('exporter', 'info', source, {
        en: `recognised as ${name.en}${how === undefined ? '' : `: ${how.en}`}`,
        ru: `распознано как «${name.ru}»${how === undefined ? '' : `: ${how.ru}`}`,
      }),
    ];
  });
}

/** A table of a known export that tells nothing needed here. */
export function unneededNotice(source: Source, name: { en: string; ru: string }): Notice {
  return notice('exporter_unneeded', 'info', source, {
    en: `recognised as ${name.en}, which are not needed`,
    ru: `распознано как «${name.ru}», эти данные не нужны`,
  });
}

function halfNotice(source: Source): Notice {
  return notice('half_orders', 'warning', source, {
    en: 'left out, as it holds either the dates or the amounts of orders, and the other half is not given',
    ru: 'не учтено: здесь только даты или только суммы заказов, второй половины нет',
  });
}

function paymentsNotice(source: Source): Notice {
  return notice('payments_unneeded', 'info', source, {
    en: 'left out, as the lines of the orders tell their amounts already',
    ru: 'не учтено: суммы заказов уже известны по их строкам',
  });
}

function notice(
  code: string,
  level: Notice['level'],
  { file, sheet }: Source,
  text: { en: string; ru: string },
): Notice {
  const place = sheet === null ? file : `${file}, ${sheet}`;
  return { code, level, text: { en: `${place}: ${text.en}.`, ru: `${place}: ${text.ru}.` } };
}
