import { formatFilter, parseFilter, type Filter, type FilterClause } from '../domain/mod.ts';
import { AppError } from '../errors.ts';

/** A filter as typed, read: either it stands, or it fails at a column (1-based). */
export type FilterReading =
  | { readonly state: 'valid'; readonly filter: Filter }
  | { readonly state: 'invalid'; readonly reason: string; readonly column: number };

export function readFilter(expression: string): FilterReading {
  try {
    return { state: 'valid', filter: parseFilter(expression) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { reason, column } = error.details;
    return {
      state: 'invalid',
      reason: typeof reason === 'string' ? reason : error.message,
      column: typeof column === 'number' ? column : 1,
    };
  }
}

export type ValueField = 'category' | 'venue' | 'author' | 'source';

/** One removable condition of an expression, e.g. one category of several. */
export interface Condition {
  readonly label: string;
  /** The expression that is left without this condition. */
  readonly without: string;
}

const write = (clauses: readonly FilterClause[]): string => formatFilter({ clauses });

/** Changes the clauses of an expression; one that cannot be read is left as it is, never overwritten. */
function change(expression: string, edit: (clauses: readonly FilterClause[]) => FilterClause[]): string {
  const reading = readFilter(expression);
  return reading.state === 'valid' ? write(edit(reading.filter.clauses)) : expression;
}

/** Adds "or this value" to the field's condition; a value already there is not repeated. */
export function withValue(expression: string, field: ValueField, value: string): string {
  return change(expression, (clauses) => {
    const present = clauses.some((clause) => clause.kind === field);
    if (!present) return [...clauses, { kind: field, values: [value] }];
    return clauses.map((clause) => {
      if (clause.kind !== field) return clause;
      const known = clause.values.some((other) => other.toLowerCase() === value.toLowerCase());
      return known ? clause : { ...clause, values: [...clause.values, value] };
    });
  });
}

/** Takes a value out of the field's condition, and the condition away with its last value. */
export function withoutValue(expression: string, field: ValueField, value: string): string {
  return change(expression, (clauses) =>
    clauses.flatMap((clause) => {
      if (clause.kind !== field) return [clause];
      const values = clause.values.filter((other) => other.toLowerCase() !== value.toLowerCase());
      return values.length > 0 ? [{ ...clause, values }] : [];
    }),
  );
}

/** Values of which a paper must have one; none where the field has no condition. */
export function valuesOf({ clauses }: Filter, field: ValueField): string[] {
  return clauses.flatMap((clause) => (clause.kind === field ? clause.values : []));
}

export interface Years {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** The expression's span of years; conditions that are excluded (`-year:2020`) are none of it. */
export function yearsOf(filter: Filter): Years {
  let from = 0;
  let to = 9999;
  for (const clause of filter.clauses) {
    if (clause.kind !== 'year') continue;
    from = Math.max(from, clause.from);
    to = Math.min(to, clause.to);
  }
  return { from: from === 0 ? undefined : from, to: to === 9999 ? undefined : to };
}

/** Puts one span of years in place of all the expression's; years that run backwards are swapped. */
export function withYears(expression: string, years: Years): string {
  return change(expression, (clauses) => {
    const others = clauses.filter((clause) => clause.kind !== 'year');
    if (years.from === undefined && years.to === undefined) return others;
    const [from, to] = [years.from ?? 0, years.to ?? 9999].sort((a, b) => a - b);
    return [...others, { kind: 'year', from: from ?? 0, to: to ?? 9999 }];
  });
}

/** Every condition apart, for chips that take it away again. */
export function conditionsOf(filter: Filter): Condition[] {
  const { clauses } = filter;
  return clauses.flatMap((clause, at) => {
    const others = [...clauses.slice(0, at), ...clauses.slice(at + 1)];
    if (!('values' in clause) || clause.values.length < 2) {
      return [{ label: write([clause]), without: write(others) }];
    }
    return clause.values.map((value) => {
      const rest: FilterClause = { ...clause, values: clause.values.filter((other) => other !== value) };
      return {
        label: write([{ ...clause, values: [value] }]),
        without: write([...clauses.slice(0, at), rest, ...clauses.slice(at + 1)]),
      };
    });
  });
}
