import type { Progress } from '../../core/progress.js';
import type { Content, Notice, Parameter, ResultTable } from '../../core/table.js';
import type { Text } from '../../core/text.js';
import type { LoadingEngine } from '../../engines/loader.js';
import type { Inputs } from '../../input/read.js';
import type { Base, StagedBase } from '../../model/base.js';
import type { ReportPeriods } from '../metrics.js';
import type { FullReportRequest } from '../report.js';

/** What the parts of a report have in common: one base, read once. */
export interface ReportSession {
  readonly engine: LoadingEngine;
  readonly inputs: Inputs;
  readonly staged: StagedBase;
  readonly base: Base;
  readonly request: FullReportRequest;
  readonly periods: ReportPeriods;
  readonly currency: string | null;
  readonly progress: Progress;
}

/** A chapter with its tables, or why there is none. */
export interface ReportChapter {
  readonly name: string;
  readonly title: Text;
  /** The question that it answers. */
  readonly about: Text;
  readonly tables: readonly ResultTable<Content>[];
  /** Why it has no tables, and what brings them. */
  readonly missing?: Text;
}

/** What to do now, and the chapter that tells more. */
export interface ReportAction {
  readonly chapter: string;
  readonly text: Text;
}

/** What one analysis gives to a report. */
export interface ReportContent {
  readonly chapters: readonly ReportChapter[];
  /** What changed, in words: lines of the summary. */
  readonly changes?: readonly Text[];
  /** What follows from it: lines of the summary. */
  readonly actions?: readonly ReportAction[];
  /** Small tables of the summary, below the KPIs. */
  readonly atAGlance?: readonly ResultTable<Content>[];
  /** Tables of what figures rest on, for the chapter of models. */
  readonly assumptions?: readonly ResultTable<Content>[];
  readonly parameters?: readonly Parameter[];
  readonly notices?: readonly Notice[];
}

/** An analysis as a part of a report. */
export interface ReportPart {
  readonly name: string;
  /** The chapters that it is for: told in the summary where it cannot be made. */
  readonly chapters: readonly Pick<ReportChapter, 'name' | 'title' | 'about'>[];
  /** Why it cannot be made of a session's base; undefined where it can. */
  missing(session: ReportSession): Text | undefined;
  /** Tables that it makes in the engine are gone after. */
  make(session: ReportSession): Promise<ReportContent>;
}
