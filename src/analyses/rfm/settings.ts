import { exitCodes, UserError } from '../../core/errors.js';
import { type Text, verbatim } from '../../core/text.js';
import { type Range, type SegmentMap, segmentMaps } from './maps.js';
import { type FixedThresholds, type Monetary, measures, type RfmOptions, type Scoring } from './scores.js';
import { others, type Segment, segments } from './segments.js';

/** A line of an own segment map. */
export interface OwnRule {
  readonly name: Text;
  readonly recency?: Range | undefined;
  readonly frequency?: Range | undefined;
  readonly monetary?: Range | undefined;
  readonly frequencyMonetary?: Range | undefined;
  readonly action?: Text | undefined;
}

/** What retain.yaml says of RFM besides options. */
export interface RfmSettings {
  readonly thresholds: FixedThresholds;
  /** An own map, in the order that it is tried in; undefined for those known. */
  readonly segments: readonly OwnRule[] | undefined;
  /** The number of bins that the configuration works with, where it says one. */
  readonly bins: number | undefined;
}

/** What is asked of RFM, before defaults. */
export interface RfmRequest {
  readonly scoring: Scoring;
  readonly bins: number | undefined;
  readonly monetary: Monetary;
  /** A known map; undefined for the own one, or else the grid. */
  readonly map: keyof typeof segmentMaps | undefined;
}

/** What counts where a command has no options about RFM. */
export const usualRfm: RfmRequest = {
  scoring: 'quantile',
  bins: undefined,
  monetary: 'total',
  map: undefined,
};

export const leastBins = 2;
export const mostBins = 10;
const usualBins = 5;

/**
 * The options of `rfmScores` from what is asked and what the configuration says.
 * @throws UserError (usage) where numbers of bins contradict each other
 */
export function rfmOptions(request: RfmRequest, settings?: RfmSettings): RfmOptions {
  const fixed = settings?.thresholds ?? {};
  const given = measures.flatMap((measure) =>
    fixed[measure] === undefined ? [] : [{ measure, bins: fixed[measure].length + 1 }],
  );
  const configured = settings?.bins ?? given[0]?.bins ?? usualBins;
  const bins = request.bins ?? configured;
  const wrong = given.find((one) => one.bins !== bins);
  if (wrong !== undefined) {
    throw new UserError(
      `rfm.thresholds.${wrong.measure} of the configuration make ${wrong.bins} bins, where there are ${bins}`,
      {
        remedy: `Give ${bins - 1} thresholds, one fewer than bins, or leave --bins out.`,
        exitCode: exitCodes.usage,
      },
    );
  }
  const map =
    request.map === undefined && settings?.segments !== undefined
      ? ownMap(settings.segments, configured)
      : segmentMaps[request.map ?? 'grid'];
  return { scoring: request.scoring, bins, monetary: request.monetary, map, fixed };
}

/** What stands in place of segments in tables of movement. */
const reserved: readonly string[] = ['total', 'not_yet'];

/**
 * A map of own rules. A name of a known segment is that segment, with its words in both languages and what to do.
 * @throws UserError (usage) for scores that bins do not have
 */
function ownMap(rules: readonly OwnRule[], bins: number): SegmentMap {
  const named = new Map<string, Segment>();
  const mapped = rules.map((rule) => {
    for (const range of [rule.recency, rule.frequency, rule.monetary, rule.frequencyMonetary]) {
      if (range === undefined || range[1] <= bins) continue;
      throw new UserError(
        `rfm.segments of the configuration: '${rule.name.en}' has score ${range[1]} of ${bins}`,
        {
          remedy: `Scores go from 1 to ${bins}; another number of them is options.bins.`,
          exitCode: exitCodes.usage,
        },
      );
    }
    const segment = ownSegment(rule);
    if (reserved.includes(segment.code.toLowerCase())) {
      throw new UserError(
        `rfm.segments of the configuration: '${segment.code}' stands for something else in reports`,
        {
          remedy: 'Give the segment another name.',
          exitCode: exitCodes.usage,
        },
      );
    }
    const before = named.get(segment.code);
    named.set(segment.code, { ...segment, action: before?.action ?? segment.action });
    const { recency, frequency, monetary, frequencyMonetary } = rule;
    return { segment: segment.code, recency, frequency, monetary, frequencyMonetary };
  });
  return {
    name: 'own',
    label: { en: 'own map of retain.yaml', ru: 'своя карта из retain.yaml' },
    bins,
    segments: [...named.values()],
    rules: mapped,
  };
}

function ownSegment({ name, action }: OwnRule): Segment {
  const plain = (text: string) => text.toLowerCase().replace(/[\s_'’-]+/g, '');
  const known = [...segments, others].find(({ code, label }) =>
    [code, label.en, label.ru].some((word) => [name.en, name.ru].map(plain).includes(plain(word))),
  );
  if (known === undefined) return { code: name.en, label: name, action: action ?? null };
  const isTranslated = name.en !== name.ru;
  return { code: known.code, label: isTranslated ? name : known.label, action: action ?? known.action };
}

/** Text of a configuration: the same in both languages, or one for each. */
export function ownText(value: string | Text): Text {
  return typeof value === 'string' ? verbatim(value) : value;
}
