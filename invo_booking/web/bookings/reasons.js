// Why a part of the calendar is closed: told on hover, on focus and on a long press.
const REST = 300; // milliseconds a mouse rests before it is answered
const PRESS = 450; // milliseconds: sooner than the library begins a selection
const SLIP = 10; // pixels a finger may move while it presses
const GRAY = ".ec-bg-event[data-column]";

const all = (host) => [...host.querySelectorAll(GRAY)];
const isTimeline = (host) => host.querySelector(".ec-timeline") !== null;

// "11:15" to "12:00" of a part of one day; empty if it is the whole day.
function clocks(view) {
  const [first, last] = [view.start, view.end].map((wall) => wall.slice(11).replace(/^0/, ""));
  const end = last === "0:00" ? "24:00" : last;
  return first === "0:00" && end === "24:00" ? "" : `${first}\u2013${end}`;
}

const dayFormats = new Map(); // a format takes longer to make than a hundred names of days

function dayName(view, locale) {
  const options = { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" };
  if (!dayFormats.has(locale)) dayFormats.set(locale, new Intl.DateTimeFormat(locale, options));
  return dayFormats.get(locale).format(new Date(`${view.start.slice(0, 10)}T12:00Z`));
}

const fill = (text, blanks) => text.replace(/\{(\w+)\}/g, (_, name) => blanks[name]);

// Make a closed part something one can reach and listen to. Parts without sentences are
// for the eye alone.
export function prepareBand(el, view, subject, { locale, flat, texts }) {
  if (!view.why) {
    el.setAttribute("aria-hidden", "true");
    return;
  }
  el.tabIndex = -1;
  el.setAttribute("role", "button");
  el.setAttribute("aria-expanded", "false");
  const times = clocks(view);
  const day = dayName(view, locale);
  const about = subject.replace(/\.$/, "");
  const why = view.why.replaceAll("\n", " ");
  el.setAttribute("aria-label", fill(texts.closed, { day, times: times || texts.all_day, subject: about, why }));
  const column = flat ? view.lane : `${view.lane} ${view.start.slice(0, 10)}`;
  Object.assign(el.dataset, { lane: view.lane, column, subject, start: view.start, why: view.why, head: fill(texts.why, { times: times || texts.this_day }) });
}

// One stop of the Tab key for each lane; the arrow keys go on from there.
export function keepStops(host) {
  const known = new Set();
  for (const el of all(host)) if (el.tabIndex === 0) known.add(el.dataset.lane);
  for (const el of all(host)) {
    if (known.has(el.dataset.lane)) continue;
    known.add(el.dataset.lane);
    el.tabIndex = 0;
  }
}

const keyOf = (el) => `${el.dataset.column} ${el.dataset.start}`;

function columns(host) {
  const found = new Map();
  for (const el of all(host)) {
    if (!found.has(el.dataset.column)) found.set(el.dataset.column, []);
    found.get(el.dataset.column).push(el);
  }
  const side = isTimeline(host) ? "top" : "left";
  const sorted = [...found.values()];
  for (const column of sorted) column.sort((a, b) => a.dataset.start.localeCompare(b.dataset.start));
  return sorted.sort((a, b) => a[0].getBoundingClientRect()[side] - b[0].getBoundingClientRect()[side]);
}

// Where an arrow key leads from a closed part; nothing if it is no arrow key.
function neighbor(host, el, key) {
  const flat = isTimeline(host);
  const along = { [flat ? "ArrowLeft" : "ArrowUp"]: -1, [flat ? "ArrowRight" : "ArrowDown"]: 1 }[key];
  const across = { [flat ? "ArrowUp" : "ArrowLeft"]: -1, [flat ? "ArrowDown" : "ArrowRight"]: 1 }[key];
  if (!along && !across) return null;
  const lanes = columns(host);
  const here = lanes.findIndex((lane) => lane.includes(el));
  if (along) return lanes[here][lanes[here].indexOf(el) + along] ?? el;
  const clock = (one) => one.dataset.start.slice(flat ? 0 : 11); // columns are days
  const next = lanes[here + across] ?? lanes[here];
  return next === lanes[here] ? el : (next.findLast((one) => clock(one) <= clock(el)) ?? next[0]);
}

// The closed part under a point. The library lets the pointer through to the grid, so
// that one can draw there; hence the look at the boxes themselves.
function bandAt(host, x, y) {
  const under = document.elementFromPoint(x, y);
  if (!under || !host.contains(under) || !under.closest(`.ec-day, ${GRAY}`)) return null;
  return all(host).find((el) => {
    const box = el.getBoundingClientRect();
    return box.left <= x && x < box.right && box.top <= y && y < box.bottom;
  });
}

function paragraph(className, words) {
  const made = document.createElement("p");
  if (className) made.className = className;
  made.textContent = words;
  return made;
}

function place(card, box, el, at) {
  const frame = box.getBoundingClientRect();
  const band = el.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = card;
  const below = (at ? at.y + 18 : band.bottom + 6) - frame.top;
  const above = (at ? at.y - 12 : band.top - 6) - frame.top - height;
  const inside = Math.max(band.top - frame.top, frame.height / 3) + 8; // taller than the screen
  const fits = below + height <= frame.height - 8;
  const otherwise = above >= 8 ? above : inside;
  const left = (at ? at.x - 40 : band.left) - frame.left;
  card.style.top = `${Math.max(8, Math.min(fits ? below : otherwise, frame.height - height - 8))}px`;
  card.style.left = `${Math.max(8, Math.min(left, frame.width - width - 8))}px`;
}

// Make the library forget the finger that is down. It would scroll the calendar if that is
// near an edge, and begin a selection.
function dropSelection() {
  window.dispatchEvent(new PointerEvent("pointercancel", { isPrimary: true, pointerType: "touch" }));
}

// Answer "why not?" within a calendar. Returns how to stop, and how to forget and to find
// again what has the focus around a redraw.
export function answerWhy(box, host, card) {
  const stop = new AbortController();
  const listen = (target, name, run) => target.addEventListener(name, run, { signal: stop.signal });
  let shown = null;
  let waiting = 0;
  let pressed = null;
  let asked = false;
  let wanted = "";

  const hide = () => {
    clearTimeout(waiting);
    shown?.setAttribute("aria-expanded", "false");
    shown = null;
    card.hidden = true;
  };

  const show = (el, at) => {
    hide();
    const { head, why, subject } = el.dataset;
    const lines = why.split("\n").map((line) => paragraph("", line));
    card.replaceChildren(paragraph("head", head), ...lines, ...(subject ? [paragraph("subject", subject)] : []));
    shown = el;
    el.setAttribute("aria-expanded", "true");
    card.hidden = false;
    place(card, box, el, at);
  };

  listen(box, "pointermove", (event) => {
    if (event.pointerType === "touch") {
      if (pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > SLIP) clearTimeout(waiting);
      return;
    }
    if (card.contains(event.target)) return;
    clearTimeout(waiting);
    if (event.buttons) return hide();
    const at = { x: event.clientX, y: event.clientY };
    waiting = setTimeout(() => {
      const el = bandAt(host, at.x, at.y);
      if (el && el !== shown) show(el, at);
      if (!el && shown !== document.activeElement) hide();
    }, REST);
  });
  listen(box, "pointerleave", (event) => {
    if (event.pointerType !== "touch") hide();
  });
  listen(box, "pointerdown", (event) => {
    clearTimeout(waiting);
    asked = false;
    if (!card.contains(event.target)) hide();
    if (event.pointerType !== "touch") return;
    pressed = { x: event.clientX, y: event.clientY };
    const el = bandAt(host, pressed.x, pressed.y);
    if (!el) return;
    dropSelection();
    waiting = setTimeout(() => {
      asked = true;
      show(el, pressed);
    }, PRESS);
  });
  listen(box, "pointerup", (event) => {
    if (event.pointerType === "touch") clearTimeout(waiting);
  });
  listen(box, "contextmenu", (event) => {
    if (asked) event.preventDefault();
  });
  listen(host, "scroll", hide);
  host.addEventListener("scroll", hide, { capture: true, signal: stop.signal });

  listen(host, "focusin", (event) => {
    if (!event.target.matches(GRAY)) return;
    for (const el of all(host)) if (el.dataset.lane === event.target.dataset.lane) el.tabIndex = -1;
    event.target.tabIndex = 0;
    if (event.target.matches(":focus-visible")) requestAnimationFrame(() => show(event.target));
  });
  listen(host, "focusout", (event) => {
    if (event.target === shown) hide();
  });
  listen(host, "keydown", (event) => {
    if (event.key === "Escape" && shown) {
      event.preventDefault();
      hide();
    }
    if (!event.target.matches(GRAY)) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (shown === event.target) hide();
      else show(event.target);
    }
    const next = neighbor(host, event.target, event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  return {
    end: () => stop.abort(),
    remember: () => {
      const el = document.activeElement;
      wanted = el?.matches?.(GRAY) && host.contains(el) ? keyOf(el) : "";
      if (shown && !wanted) hide();
    },
    restore: () => {
      if (!wanted) return;
      const el = all(host).find((one) => keyOf(one) === wanted);
      wanted = "";
      el?.focus({ preventScroll: true });
    },
  };
}
