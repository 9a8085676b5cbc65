import { expect, test } from 'vitest';
import type { RiskChoice } from '../risk/learn.js';
import { candidateTable } from './candidate-table.js';

const choice: RiskChoice = {
  chosen: 'mbg_nbd',
  reason: 'best',
  window: { day: '2024-09-26', horizon: 96 },
  windows: [],
  heldOut: 'customers',
  scores: [],
};

test('the least log-loss is said to choose only where it did', () => {
  const notesOf = (reason: RiskChoice['reason']) => candidateTable({ ...choice, reason }).notes;
  expect(notesOf('best')[0]!.en).toMatch(/^The one with the least log-loss is chosen/);
  expect(notesOf('few_outcomes')).toEqual([
    expect.objectContaining({ en: expect.stringMatching(/^Too few customers .* MBG\/NBD stands/) }),
  ]);
});
