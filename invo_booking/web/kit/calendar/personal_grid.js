// Draws an agent's own events beside the appointments, always as text.

const DAY = 86_400_000;

function text(className, words) {
  const made = document.createElement("span");
  if (className) made.className = className;
  made.textContent = words;
  return made;
}

function size(minutes) {
  if (minutes < 25) return "d1";
  if (minutes < 40) return "d2";
  return minutes < 55 ? "d3" : "tall";
}

// What is inside an own event: the provider's mark, the title, the time and a word.
export function ownContent(event, view) {
  const isFlat = event.isAllDay || view === "dayGridMonth";
  const flat = isFlat ? "d1" : view.startsWith("resourceTimeline") ? "d2" : size(event.minutes);
  const box = document.createElement("div");
  box.className = `ev ${flat} ${event.kind}`;
  const name = document.createElement("span");
  name.className = "n";
  const mark = text("mark", event.mark);
  mark.setAttribute("aria-hidden", "true");
  name.append(mark, text("", event.title));
  const when = document.createElement("span");
  when.className = "s";
  when.append(text("t", isFlat || flat === "d2" ? event.at : event.time));
  if (flat === "tall") when.append(text("", event.label));
  box.append(name, when);
  return box;
}

// Own events in the form of the library; in views with lanes, in the own lanes.
export const ownEvents = (events, lanes) =>
  events.map((event) => ({
    id: event.id,
    start: event.start,
    end: event.end > event.start ? event.end : `${event.start.slice(0, 14)}59`,
    allDay: event.isAllDay,
    title: event.title,
    resourceIds: lanes,
    startEditable: false,
    durationEditable: false,
    extendedProps: event,
  }));

// The hours and days the grid must have, so that own events are inside. In views with
// lanes, none are drawn while no own lane is. A timeline keeps its hours: the library draws
// events over each other once they change.
export function roomFor(own, { view, first, last, hiddenDays = [] }, lanes) {
  if (view.startsWith("resourceTimeline")) return { hiddenDays, slotMinTime: first, slotMaxTime: last };
  const events = view.startsWith("resource") && lanes.length === 0 ? [] : own;
  const timed = events.filter((event) => !event.isAllDay);
  const hours = timed.map((event) => (isOvernight(event) ? "00" : event.start.slice(11, 13)));
  const ends = timed.map((event) => (isOnNextDay(event) ? "24" : lastHour(event.end)));
  const used = new Set(events.flatMap(daysOfEvent).map((day) => new Date(`${day}T00:00Z`).getUTCDay()));
  return {
    hiddenDays: hiddenDays.filter((day) => !used.has(day)),
    slotMinTime: [first, ...hours.map((hour) => `${hour}:00`)].sort()[0],
    slotMaxTime: [last, ...ends.map((hour) => `${hour}:00`)].sort().at(-1),
  };
}

const isOnNextDay = ({ start, end }) => end.slice(0, 10) > start.slice(0, 10);
const isOvernight = (event) => isOnNextDay(event) && !event.end.endsWith("T00:00");

const SLOT = { minutes: 15, pixels: 17 }; // as in options() of event_calendar.jsx
const minutesOf = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

// Hours that are added above those on the screen must not push them down.
export function keepHours(host, before, now) {
  const added = ((minutesOf(before) - minutesOf(now)) / SLOT.minutes) * SLOT.pixels;
  const grid = host.querySelector(".ec-main");
  if (grid && added) requestAnimationFrame(() => (grid.scrollTop += added));
}

function lastHour(end) {
  const hour = Number(end.slice(11, 13)) + (end.slice(14, 16) > "00" ? 1 : 0);
  return String(hour).padStart(2, "0");
}

function daysOfEvent(event) {
  const days = [];
  const past = Date.parse(`${event.end}Z`);
  for (let at = Date.parse(`${event.start.slice(0, 10)}T00:00Z`); at < past && days.length < 70; at += DAY) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

// The days of the list with the own events among the appointments.
export function withOwnDays(days, { events, place }) {
  if (events.length === 0) return days;
  const found = new Map(days.map((one) => [one.day, { ...one, events: [...one.events] }]));
  for (const event of events) {
    for (const day of daysOfEvent(event)) {
      if (day < place.first || day >= place.past) continue;
      if (!found.has(day)) found.set(day, { day, title: place.days[day] ?? day, events: [] });
      const id = `${event.id} ${day}`;
      found.get(day).events.push({ ...event, id });
    }
  }
  const order = (one, other) => Number(Boolean(other.isAllDay)) - Number(Boolean(one.isAllDay)) || one.start.localeCompare(other.start);
  return [...found.values()]
    .map((one) => ({ ...one, events: one.events.sort(order) }))
    .sort((one, other) => one.day.localeCompare(other.day));
}
