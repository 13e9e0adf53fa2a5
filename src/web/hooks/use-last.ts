import { useState } from 'react';

/** The last value that was there: counts of the query before stay while those of the next are on their way. */
export function useLast<T>(value: T | undefined): T | undefined {
  const [last, setLast] = useState(value);
  if (value !== undefined && value !== last) setLast(value);
  return value ?? last;
}
