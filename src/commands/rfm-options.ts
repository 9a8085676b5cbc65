import { type Command, Option } from 'commander';
import { segmentMaps } from '../analyses/rfm/maps.js';
import {
  type Monetary,
  monetaries,
  type RfmOptions,
  type Scoring,
  scorings,
} from '../analyses/rfm/scores.js';
import { leastBins, mostBins, rfmOptions } from '../analyses/rfm/settings.js';
import type { ConfigFlags } from './config-options.js';
import { parseWhole } from './options.js';

/** What the options that say how customers are scored give. */
export interface RfmFlags extends ConfigFlags {
  readonly scoring: Scoring;
  readonly bins?: number;
  readonly map?: keyof typeof segmentMaps;
  readonly monetary: Monetary;
}

/** Adds the options about scores and segments, the same for every command that has them. */
export function addRfmOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--scoring <rule>', 'how scores are told from values').choices(scorings).default('quantile'),
    )
    .option('--bins <number>', 'scores go from 1 to this (default: 5)', parseBins)
    .addOption(
      new Option(
        '--map <name>',
        'which scores are which segment (default: that of retain.yaml, or grid)',
      ).choices(Object.keys(segmentMaps)),
    )
    .addOption(
      new Option('--monetary <what>', 'revenue of a customer in total, or per order')
        .choices(monetaries)
        .default('total'),
    );
}

/** @throws UserError (usage) where numbers of bins contradict each other */
export function rfmFlags(flags: RfmFlags): RfmOptions {
  const { scoring, bins, map, monetary } = flags;
  return rfmOptions({ scoring, bins, map, monetary }, flags.configuration?.rfm);
}

export const parseBins = parseWhole(leastBins, mostBins);
