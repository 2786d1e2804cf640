// A week in which hours are drawn by dragging, or moved and sized with the arrow keys.
import { useId, useState } from "react";

const STEP = 15;
const DAY = 24 * 60;
const EDGE = 9; // pixels at either end of a bar that size it

const minutes = (clock) => {
  const [hours, rest] = clock.split(":").map(Number);
  return hours * 60 + rest;
};
const two = (number) => String(number).padStart(2, "0");
const clock = (minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
const within = (value, least, most) => Math.max(least, Math.min(most, value));

// The part of the day that is shown: office hours, and more where somebody works then.
function span(days) {
  const periods = days.flatMap((day) => day.periods);
  const first = Math.min(7 * 60, ...periods.map((it) => minutes(it.begins)));
  const last = Math.max(19 * 60, ...periods.map((it) => minutes(it.ends)));
  return [Math.floor(first / 120) * 120, Math.min(DAY, Math.ceil(last / 120) * 120)];
}

// Where a bar is while it is dragged from where it was taken to where the pointer is.
function dragged({ kind, from, to, grab }, here) {
  const by = here - grab;
  if (kind === "start") return [within(from + by, 0, to - STEP), to];
  if (kind === "end") return [from, within(to + by, from + STEP, DAY)];
  if (kind === "move") {
    const start = within(from + by, 0, DAY - (to - from));
    return [start, start + (to - from)];
  }
  return [Math.min(grab, here), Math.max(grab, here)];
}

function type(day, index) {
  const field = document.getElementById(`begins-${day}-${index}`);
  field?.closest("details")?.setAttribute("open", "");
  field?.focus();
}

export function WeekGrid({ days, locked, empty, onDraw }) {
  const [drag, setDrag] = useState(null);
  const hint = useId();
  const [first, last] = span(days);
  const share = (minute) => `${((minute - first) / (last - first)) * 100}%`;
  const hours = [];
  for (let hour = first; hour < last; hour += 120) hours.push(hour);

  const minuteAt = (event, track) => {
    const box = track.getBoundingClientRect();
    const part = (event.clientX - box.left) / box.width;
    return within(Math.round((first + part * (last - first)) / STEP) * STEP, first, last);
  };

  const take = (event, day, index, from, to) => {
    if (locked || event.button !== 0) return;
    const track = event.currentTarget.closest(".track");
    const box = event.currentTarget.getBoundingClientRect();
    const grab = minuteAt(event, track);
    const near = Math.min(EDGE, box.width / 3);
    const kind = from === undefined ? "new" : event.clientX - box.left < near ? "start"
      : box.right - event.clientX < near ? "end" : "move";
    event.stopPropagation();
    event.preventDefault();
    track.setPointerCapture(event.pointerId);
    setDrag({ day, index, kind, from, to, grab, now: [from ?? grab, to ?? grab], moved: false });
  };
  const move = (event) => {
    if (!drag) return;
    const now = dragged(drag, minuteAt(event, event.currentTarget));
    const same = now[0] === drag.now[0] && now[1] === drag.now[1];
    if (!same) setDrag({ ...drag, now, moved: true });
  };
  const drop = () => {
    if (!drag) return;
    setDrag(null);
    const [from, to] = drag.now;
    if (drag.moved && to - from >= STEP) {
      onDraw?.(String(drag.day), String(drag.index), clock(from), clock(to));
    } else if (drag.kind !== "new") type(drag.day, drag.index);
  };
  const press = (event, day, index, from, to) => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (locked) return;
    if (event.key === "Enter" || event.key === " ") type(day, index);
    else if (event.key === "Delete" || event.key === "Backspace") onDraw?.(String(day), String(index), "", "");
    else if (by) {
      const kind = event.shiftKey ? "end" : "move";
      const now = dragged({ kind, from, to, grab: 0 }, by);
      onDraw?.(String(day), String(index), clock(now[0]), clock(now[1]));
    } else return;
    event.preventDefault();
  };

  return (
    <div className="week">
      <p id={hint} className="vh">
        Left and right arrow move the period by 15 minutes, with Shift they move its end. Delete removes it, Enter
        types its times.
      </p>
      <div className="scale" aria-hidden="true">
        {hours.map((hour) => (
          <span key={hour} style={{ left: share(hour) }}>{hour / 60}</span>
        ))}
      </div>
      <ol>
        {days.map((day) => (
          <li key={day.day}>
            <b aria-hidden="true">{day.short}</b>
            <div
              className={locked ? "track locked" : "track"}
              role="group"
              aria-label={day.periods.length ? day.name : `${day.name}: ${empty}`}
              style={{ "--hours": (last - first) / 60 }}
              onPointerDown={(event) => take(event, day.day, day.periods.length)}
              onPointerMove={move}
              onPointerUp={drop}
              onPointerCancel={() => setDrag(null)}
            >
              {day.periods.length === 0 && drag?.day !== day.day && <span className="off" aria-hidden="true">{empty}</span>}
              {day.periods.map((period, index) => {
                const held = drag && drag.day === day.day && drag.index === index;
                const [from, to] = held ? drag.now : [minutes(period.begins), minutes(period.ends)];
                return (
                  <button
                    key={index}
                    type="button"
                    className={day.was ? "blk new" : "blk"}
                    style={{ left: share(from), width: `calc(${share(to)} - ${share(from)})` }}
                    aria-label={period.name}
                    aria-describedby={hint}
                    disabled={locked}
                    onPointerDown={(event) => take(event, day.day, index, from, to)}
                    onKeyDown={(event) => press(event, day.day, index, from, to)}
                  >
                    <span>{`${clock(from)}–${clock(to)} ${period.where}`.trim()}</span>
                  </button>
                );
              })}
              {drag?.kind === "new" && drag.day === day.day && drag.moved && (
                <span className="blk new" style={{ left: share(drag.now[0]), width: `calc(${share(drag.now[1])} - ${share(drag.now[0])})` }}>
                  <span>{`${clock(drag.now[0])}–${clock(drag.now[1])}`}</span>
                </span>
              )}
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}
