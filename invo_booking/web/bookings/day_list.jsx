// Appointments by day: the list beside or instead of the grid, and the unassigned.
import { createElement as h, Fragment, useMemo, useRef } from "react";
import { useRows } from "../../kit/rows/rows.js";
import { useShown } from "../event_calendar/shown.js";
import { daysOf } from "../packing/unpacking.js";
import { withOwnDays } from "../../kit/calendar/personal/personal_grid.js";
import { usePersonal } from "../../kit/calendar/personal/personal_store.js";

const icon = (name, edge) =>
  h("svg", { className: `i i-${edge}`, "aria-hidden": "true" }, h("use", { href: `/icons.svg#${name}` }));

const span = (className, ...children) => h("span", { className }, ...children);

const useKept = ({ rows, changes, onGap }) => useRows(rows, changes, onGap);
const useDays = (kept, letter) => useMemo(() => daysOf(kept, letter), [kept, letter]);

const press = (event, onOpen) => ({ type: "button", onClick: () => onOpen(event.id), "data-discards": "" });

function JoinLink({ event, join }) {
  return h(
    "a",
    { href: join.href + event.id, target: "_blank", rel: "noopener noreferrer", className: "btn sm primary" },
    icon("video", 14),
    join.label,
    span("vh", `, ${event.full}`),
  );
}

function Listed({ event, onOpen, join }) {
  return h(
    "li",
    { className: "dl" },
    h("time", null, event.at, h("small", null, event.until)),
    h(
      "button",
      { ...press(event, onOpen), className: `ev ${event.kind}` },
      span("n", icon(event.icon, 14), h("span", null, event.title), span("st", event.word)),
      span("s", h("span", null, `${event.who} · ${event.topic}`)),
    ),
    event.joinable && h(JoinLink, { event, join }),
  );
}

function OwnListed({ event }) {
  const leads = event.link ? { href: event.link, target: "_blank", rel: "noopener noreferrer" } : {};
  return h(
    "li",
    { className: "dl" },
    h("time", null, event.at, h("small", null, event.until)),
    h(
      event.link ? "a" : "div",
      { ...leads, className: `ev ${event.kind}`, "aria-label": event.link ? event.full : undefined },
      span("n", h("span", { className: "mark", "aria-hidden": "true" }, event.mark), h("span", null, event.title)),
      span("s", h("span", null, event.label)),
    ),
  );
}

const listed = (event, { onOpen, join }) =>
  event.isPersonal ? h(OwnListed, { key: event.id, event }) : h(Listed, { key: event.id, event, onOpen, join });

// Every appointment of the place, with its state and who serves, and own events.
export function DayList(props) {
  const top = useRef(null);
  const isShown = useShown(top);
  const kept = useKept(props);
  return h(Fragment, null, h("div", { ref: top }), isShown && h(Days, { ...props, kept }));
}

function Days(props) {
  const own = usePersonal();
  return withOwnDays(useDays(props.kept, "l"), own).map(({ day, title, events }) =>
    h(
      "div",
      { key: day, className: "dayof" },
      h("h2", null, title),
      h("ol", null, ...events.map((event) => listed(event, props))),
    ),
  );
}

function Waiting({ event, current, onOpen }) {
  return h(
    "li",
    null,
    h(
      "button",
      { ...press(event, onOpen), className: "it", "aria-current": String(event.id === current) },
      h("b", null, event.at),
      span("t", event.topic),
      span("m", event.title),
    ),
  );
}

// Appointments without an agent; `kind` says which of them.
export function WaitingList(props) {
  return useDays(useKept(props), props.kind).map(({ day, title, events }) =>
    h(
      "details",
      { key: day, open: true },
      h("summary", null, icon("right", 12), h("span", null, title), span("count", events.length)),
      h(
        "ul",
        null,
        ...events.map((event) => h(Waiting, { key: event.id, event, current: props.current, onOpen: props.onOpen })),
      ),
    ),
  );
}
