/** The KPIs of the three periods, as a peer prints them. */
export interface Figures {
  readonly activity_window: number | null;
  readonly periods: Readonly<Record<string, Readonly<Record<string, number | string | null>>>>;
}

/** Amounts of money: `retain` rounds them to the cent, so they are compared to the cent. */
const money = new Set(['revenue', 'aov', 'ltv_simple', 'ltv_historic', 'arpu']);
const cent = 0.01;
const closeEnough = 1e-4;

/** Takes the same figures out of what `retain metrics --json` prints. */
export function retainFigures(text: string): Figures {
  const report = JSON.parse(text) as {
    parameters: Record<string, unknown>;
    tables: { name: string; rows: Record<string, number | string | null>[] }[];
  };
  const table = report.tables.find(({ name }) => name === 'kpis');
  if (table === undefined) throw new Error("retain's report has no table 'kpis'");
  const periods: Record<string, Record<string, number | string | null>> = {};
  for (const period of ['value', 'previous', 'year_ago']) {
    periods[period] = Object.fromEntries(table.rows.map((row) => [String(row.kpi), row[period] ?? null]));
  }
  const window = report.parameters.activity_window_days;
  return { activity_window: typeof window === 'number' ? window : null, periods };
}

/** Where two sets of figures differ, one line a difference. Only what the reference has is compared. */
export function differences(reference: Figures, other: Figures): string[] {
  const found: string[] = [];
  if (reference.activity_window !== other.activity_window) {
    found.push(`activity window: ${reference.activity_window} and ${other.activity_window}`);
  }
  for (const [period, kpis] of Object.entries(reference.periods)) {
    for (const [kpi, expected] of Object.entries(kpis)) {
      const actual = other.periods[period]?.[kpi];
      if (!agree(kpi, expected, actual)) found.push(`${kpi}, ${period}: ${expected} and ${actual}`);
    }
  }
  return found;
}

function agree(
  kpi: string,
  expected: number | string | null,
  actual: number | string | null | undefined,
): boolean {
  if (expected === null || actual === null || actual === undefined) return expected === actual;
  const distance = Math.abs(Number(expected) - Number(actual));
  // Revenue is a sum, so it has no rounding to forgive; half a cent stands for equal cents.
  if (kpi === 'revenue') return distance < cent / 2;
  return distance < (money.has(kpi) ? cent : closeEnough);
}
