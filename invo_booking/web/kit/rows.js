// What a page shows in rows, put together from the whole and what has changed since.
import { useEffect, useRef } from "react";

const begin = (whole) => ({ whole, number: whole.number, texts: whole.texts, rows: new Map(Object.entries(whole.rows)) });

function changed(kept, change) {
  const rows = new Map(kept.rows);
  change.gone.forEach((name) => rows.delete(name));
  Object.entries(change.rows).forEach(([name, row]) => rows.set(name, row));
  return { ...kept, change, number: change.number, texts: [...kept.texts, ...change.texts], rows };
}

// Returns the rows by their names, and the texts they refer to; another object whenever
// something has changed. `onGap` is called where a change was lost on the way.
export function useRows(whole, change, onGap) {
  const kept = useRef(null);
  if (kept.current?.whole !== whole) kept.current = begin(whole);
  const isNew = change && kept.current.change !== change;
  if (isNew && change.base === kept.current.number) kept.current = changed(kept.current, change);
  const isLost = isNew && change.base > kept.current.number;
  useEffect(() => {
    if (isLost) onGap?.();
  }, [isLost, change]);
  return kept.current;
}
