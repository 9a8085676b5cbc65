/**
 * Probabilities that were given, and what came of them; one entry for customers who are alike, with their number.
 * Every figure is null where it is not defined: nobody, or for AUC and lift nobody of one of the two kinds.
 */
export interface Outcomes {
  /** Probability of the event, 0-1. */
  readonly predicted: Float64Array;
  /** 1 where it came about, 0 where it did not. */
  readonly happened: Uint8Array;
  /** Customers of each entry; one each unless given. */
  readonly weight?: Float64Array;
}

/** Log-loss of an event that was held for impossible is without bound; probabilities count as no surer than this. */
export const surest = 1e-6;

/** Area under the ROC curve: P(predicted of one with the event > of one without), ties counting half. */
export interface Auc {
  readonly value: number;
  /** Hanley and McNeil, The Meaning and Use of the Area under a ROC Curve, Radiology 143 (1982), eq. 1 and 2. */
  readonly standardError: number;
}

export function auc(outcomes: Outcomes): Auc | null {
  const { predicted, happened } = outcomes;
  const order = byPredicted(outcomes);
  let [events, others, wins] = [0, 0, 0];
  for (let from = 0; from < order.length; ) {
    let [tiedEvents, tiedOthers] = [0, 0];
    let to = from;
    for (; to < order.length && predicted[order[to]!] === predicted[order[from]!]; to++) {
      const i = order[to]!;
      if (happened[i] === 1) tiedEvents += weightOf(outcomes, i);
      else tiedOthers += weightOf(outcomes, i);
    }
    wins += tiedEvents * (others + tiedOthers / 2);
    events += tiedEvents;
    others += tiedOthers;
    from = to;
  }
  if (events === 0 || others === 0) return null;
  const a = wins / (events * others);
  const [q1, q2] = [a / (2 - a), (2 * a * a) / (1 + a)];
  const variance =
    (a * (1 - a) + (events - 1) * (q1 - a * a) + (others - 1) * (q2 - a * a)) / (events * others);
  return { value: a, standardError: Math.sqrt(Math.max(0, variance)) };
}

/** Mean of (predicted - happened)²: Brier (1950). */
export function brierScore(outcomes: Outcomes): number | null {
  return meanOf(outcomes, (p, y) => (p - y) ** 2);
}

/** Mean of -ln of the probability that was given to what came about. */
export function logLoss(outcomes: Outcomes): number | null {
  return meanOf(outcomes, lossOf);
}

/** -ln of the probability given to what came about, 1 or 0. */
export function lossOf(predicted: number, happened: number): number {
  const given = happened === 1 ? predicted : 1 - predicted;
  return -Math.log(Math.min(1 - surest, Math.max(surest, given)));
}

/**
 * Share of the event among the `share` of customers with the highest probabilities, over its share among all. Of
 * customers who are equal at the border as many are taken as belong, with the event as often as among them.
 */
export function lift(outcomes: Outcomes, share: number): number | null {
  const { predicted, happened } = outcomes;
  const order = byPredicted(outcomes);
  let [customers, events] = [0, 0];
  for (const i of order) {
    customers += weightOf(outcomes, i);
    events += happened[i]! * weightOf(outcomes, i);
  }
  if (events === 0) return null;
  const wanted = share * customers;
  let [taken, found] = [0, 0];
  for (let to = order.length; to > 0 && taken < wanted; ) {
    let [tied, tiedEvents] = [0, 0];
    const value = predicted[order[to - 1]!];
    for (; to > 0 && predicted[order[to - 1]!] === value; to--) {
      const i = order[to - 1]!;
      tied += weightOf(outcomes, i);
      tiedEvents += happened[i]! * weightOf(outcomes, i);
    }
    const part = Math.min(1, (wanted - taken) / tied);
    taken += part * tied;
    found += part * tiedEvents;
  }
  return found / taken / (events / customers);
}

/** Share of the customers for whom the event came about. */
export function eventRate(outcomes: Outcomes): number | null {
  return meanOf(outcomes, (_, y) => y);
}

function meanOf(outcomes: Outcomes, of: (predicted: number, happened: number) => number): number | null {
  let [sum, customers] = [0, 0];
  for (let i = 0; i < outcomes.predicted.length; i++) {
    const weight = weightOf(outcomes, i);
    sum += weight * of(outcomes.predicted[i]!, outcomes.happened[i]!);
    customers += weight;
  }
  return customers === 0 ? null : sum / customers;
}

function weightOf({ weight }: Outcomes, index: number): number {
  return weight === undefined ? 1 : weight[index]!;
}

/** Entries from the lowest probability to the highest; equal ones in their own order. */
export function byPredicted({ predicted }: Outcomes): Uint32Array {
  return Uint32Array.from(predicted.keys()).sort((one, other) => predicted[one]! - predicted[other]!);
}
