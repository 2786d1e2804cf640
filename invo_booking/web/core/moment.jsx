// Says once that a moment has come, which the server named as so many milliseconds ahead.
// Time is counted by two clocks: one stands still while the computer sleeps, the other
// jumps when somebody sets it. Whichever is further is believed; if it was wrong, the
// answer names the moment anew. A page nobody sees waits until it is seen.
import { useEffect, useRef } from "react";

const CHECK = 1000; // so often the clocks are read: timers oversleep, and end at 2^31 ms
const LEAST = 1000; // between two looks of a page
const PATIENCE = 30000; // until a look without an answer is taken again

let said = -LEAST; // when the page last looked, whatever part of it wanted to

const begun = (moment) => ({ ...moment, ticks: performance.now(), wall: Date.now() });

const left = ({ wait, ticks, wall }) =>
  wait - Math.max(performance.now() - ticks, Date.now() - wall);

export function Moment({ moments, onDue }) {
  const say = useRef(onDue);
  say.current = onDue;
  const known = useRef([]);
  useEffect(() => {
    known.current = moments.map((moment, place) => {
      const before = known.current[place];
      return before?.stamp === moment.stamp ? before : begun(moment);
    });
    let timer;
    const look = () => {
      clearTimeout(timer);
      const waiting = known.current.filter(({ wait }) => wait >= 0);
      if (!waiting.length || document.visibilityState === "hidden") return;
      const rest = Math.min(...waiting.map(left));
      const pause = said + LEAST - performance.now();
      if (Math.max(rest, pause) <= 0) {
        said = performance.now();
        known.current = known.current.map((moment) =>
          moment.wait >= 0 && left(moment) <= 0 ? begun({ ...moment, wait: PATIENCE }) : moment,
        );
        say.current?.();
      }
      timer = setTimeout(look, Math.min(CHECK, Math.max(rest, pause, 10)));
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [moments.map(({ stamp }) => stamp).join()]);
  return null;
}
