// Reads the rows of the calendar, as `packing.py` beside it writes them.
const EDITABLE = 1;
const ASSIGNABLE = 2;
const ON_GRID = 4;
const JOINABLE = 8;
const MINUTE = 60_000;

const clock = (wall) => wall.slice(11).replace(/^0/, "");

function size(minutes) {
  if (minutes < 25) return "d1";
  if (minutes < 40) return "d2";
  return minutes < 55 ? "d3" : "tall";
}

// A UUID, of its 22 characters in base64 for addresses.
function identity(key) {
  const bytes = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  const hex = [...bytes].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function wallTimes(rows) {
  const origin = Date.parse(`${rows.get("o")?.[0] ?? "2000-01-01"}T00:00Z`);
  return (minutes) => new Date(origin + minutes * MINUTE).toISOString().slice(0, 16);
}

function appointment(row, texts, wall) {
  const [key, first, length, rights, version, title, topic, who, lane, agent, looks, day, unusual] = row;
  const [start, end] = [wall(first), wall(first + length)];
  const [kind, icon, ...word] = texts[looks].split(" ");
  const view = { id: identity(key), start, end, version, title, topic: texts[topic], who: texts[who], lane: texts[lane] };
  const usual = { at: clock(start), until: clock(end), size: size(length), late: "" };
  Object.assign(view, usual, unusual, { agent: texts[agent], kind, icon, word: word.join(" ") });
  view.time = `${view.at}\u2013${view.until}`;
  view.full = [title, view.topic, view.time, texts[day], view.who, view.late || view.word].join(", ");
  view.editable = Boolean(rights & EDITABLE);
  view.assignable = Boolean(rights & ASSIGNABLE);
  view.joinable = Boolean(rights & JOINABLE);
  view.isOnGrid = Boolean(rights & ON_GRID);
  return view;
}

function band([lane, first, past, kind, label, why], texts, wall) {
  return { lane: texts[lane], start: wall(first), end: wall(past), kind: texts[kind], label: texts[label], why: texts[why] };
}

const named = ({ rows }, letter) => [...rows].filter(([name]) => name[0] === letter);

// What the grid shows.
export function onGrid(kept) {
  const wall = wallTimes(kept.rows);
  return {
    events: named(kept, "a").map(([, row]) => appointment(row, kept.texts, wall)).filter((one) => one.isOnGrid),
    bands: named(kept, "b").map(([, row]) => band(row, kept.texts, wall)),
  };
}

// The days of a list, in their order, each with its appointments. `letter` says which list.
export function daysOf(kept, letter) {
  const wall = wallTimes(kept.rows);
  const event = (number) => appointment(kept.rows.get(`a${number}`), kept.texts, wall);
  const entry = (found) => {
    if (!Array.isArray(found)) return event(found);
    const [number, at, until] = found;
    return { ...event(number), at, until };
  };
  return named(kept, letter)
    .map(([, [day, title, ...entries]]) => ({ day, title, events: entries.map(entry) }))
    .sort((one, other) => one.day.localeCompare(other.day));
}
