// The grid of Booking Management: @event-calendar/core behind a React component.
//
// All times that go in and out are the institution's wall times, as text without
// an offset ("2026-11-24T11:15"): the library works on wall times, and what comes
// back does not depend on the zone of the browser.
import { useEffect, useMemo, useRef } from "react";
import {
  createCalendar,
  destroyCalendar,
  DayGrid,
  Interaction,
  ResourceTimeGrid,
  ResourceTimeline,
  TimeGrid,
} from "@event-calendar/core";
import "@event-calendar/core/index.css";
import { drawApart } from "./month.js";
import { carePopup } from "./popup.js";
import { answerWhy, keepStops, prepareBand } from "./reasons.js";
import { useShown } from "./shown.js";
import { nameHolidays, watched } from "./tidy.js";
import { useRows } from "../../kit/rows/rows.js";
import { onGrid } from "../packing/unpacking.js";
import { leave } from "../../kit/unsaved/unsaved.js";
import { noteDrop, openEvent, usePersonal } from "../../kit/calendar/personal/personal_store.js";
import { keepHours, ownContent, ownEvents, roomFor } from "../../kit/calendar/personal/personal_grid.js";

const PLUGINS = [DayGrid, TimeGrid, ResourceTimeGrid, ResourceTimeline, Interaction];
const DAY = 86_400_000;
const POOL = "unassigned";

const instant = (wall) => Date.parse(`${wall.slice(0, 16)}:00Z`);
const wall = (ms) => new Date(ms).toISOString().slice(0, 16);
const length = (delta) => delta.days * DAY + delta.seconds * 1000;

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "i i-12");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

function text(className, words) {
  const made = element("span", className);
  made.textContent = words;
  return made;
}

// What is drawn inside an appointment. Always by textContent, never as HTML.
function content({ event, view }) {
  const shown = event.extendedProps;
  if (event.display === "background") {
    return { domNodes: shown.label ? [text("bandlabel", shown.label)] : [] };
  }
  if (shown.isPersonal) return { domNodes: [ownContent(shown, view.type)] };
  if (!shown.icon) return { domNodes: [text("ev pick", event.title || "")] };
  const flat = view.type === "dayGridMonth" ? "d1" : view.type.startsWith("resourceTimeline") ? "d2" : shown.size;
  const name = element("span", "n", icon(shown.icon), text("", event.title));
  const when = element("span", "s", text("t", flat === "d2" || flat === "d1" ? shown.at : shown.time));
  const box = element("div", `ev ${flat} ${shown.kind}`, name, when);
  if (flat === "d2") when.append(text("", shown.late || shown.topic));
  if (flat === "d3" || flat === "tall") box.append(element("span", "s", text("", shown.late || shown.topic)));
  return { domNodes: [box] };
}

const band = (span) => ({
  id: `${span.kind} ${span.lane} ${span.start}`,
  start: span.start,
  end: span.end,
  resourceIds: span.lane,
  display: "background",
  classNames: [`is-${span.kind}`],
  extendedProps: span,
});

const appointment = (view) => ({
  id: view.id,
  start: view.start,
  end: view.end,
  title: view.title,
  resourceIds: view.lane,
  startEditable: view.editable || view.assignable,
  durationEditable: view.editable,
  extendedProps: view,
});

const drawn = ({ events, bands, own, lanes }) => [...bands.map(band), ...events.map(appointment), ...ownEvents(own, lanes)];

// Whether somebody may do this: another time needs one right, another lane another.
function isAllowed(shown, at) {
  if (at.lane !== shown.lane && !shown.assignable) return false;
  const stays = wall(at.start) === shown.start.slice(0, 16) && wall(at.end) === shown.end.slice(0, 16);
  return stays || shown.editable;
}

// Whether a lane is open for the whole span; unknown lanes are left to the server.
function isOpen(openings, shown, lane, from, to) {
  if (!openings || Object.keys(openings).length === 0 || lane === POOL) return true;
  const spans = openings[lane.includes(":") ? shown.agent : lane];
  if (!spans) return lane === shown.lane;
  return spans.some(([start, end]) => instant(start) <= from && to <= instant(end));
}

function moved(info, openings) {
  const shown = info.oldEvent.extendedProps;
  const start = instant(shown.start) + length(info.delta);
  const end = instant(shown.end) + length(info.delta);
  const lane = info.newResource ? info.newResource.id : shown.lane;
  return { start, end, lane, open: isOpen(openings, shown, lane, start, end) };
}

// Who would have an appointment in a lane; lanes of queues keep the agent.
const agentAt = (shown, lane) => (lane === POOL ? "" : lane.includes(":") ? shown.agent : lane || shown.agent);

// What was on the screen when it was grabbed decides, not what came while it moved.
const version = (info) => info.oldEvent.extendedProps.version;

function resized(info, openings) {
  const shown = info.oldEvent.extendedProps;
  const start = instant(shown.start);
  const end = instant(shown.end) + length(info.endDelta);
  return { start, end, lane: shown.lane, open: isOpen(openings, shown, shown.lane, start, end) };
}

export function EventCalendar(props) {
  const box = useRef(null);
  const isShown = useShown(box);
  const kept = useRows(props.rows, props.changes, props.onGap);
  return (
    <div ref={box} className="ecbox">
      {isShown && <Grid {...props} kept={kept} />}
    </div>
  );
}

function Grid({ kept, ...props }) {
  const host = useRef(null);
  const card = useRef(null);
  const reasons = useRef(null);
  const calendar = useRef(null);
  const dragging = useRef(false);
  const missed = useRef(false); // whether something came while it was dragged
  const over = useRef(null); // where the appointment would be if let go now
  const opened = useRef({});
  const drawnFrom = useRef({}); // the place, and its first hour
  const hopes = useRef(null); // what was dropped, until the server has answered
  const shown = useMemo(() => onGrid(kept), [kept]);
  const own = usePersonal();
  const latest = useRef(props);
  const lanes = own.place?.lanes ?? [];
  latest.current = { ...props, ...shown, own: own.events, lanes }; // handlers below always see the newest

  // A grid is scrolled when another place is opened, and stays when something happens there.
  const place = `${props.view} ${props.day}`;
  if (opened.current.place !== place) opened.current = { place, at: props.opens };
  const scrollTime = opened.current.at;

  const redraw = () => {
    reasons.current?.remember();
    if (!calendar.current) return;
    if (latest.current.view === "dayGridMonth") drawApart(host.current, calendar.current);
    calendar.current.setOption("events", drawn(latest.current));
  };

  const hint = (at) => {
    over.current = at;
    const line = host.current?.parentElement?.querySelector(".draghint");
    if (!line) return;
    line.hidden = !at;
    if (!at) return;
    line.dataset.open = String(at.open);
    line.textContent = `${wall(at.start).slice(11)}–${wall(at.end).slice(11)} ${at.open ? "" : "is not free"}`;
  };

  const hope = (info, at) => {
    const old = info.oldEvent.extendedProps;
    hopes.current = { old, id: info.event.id, start: wall(at.start), end: wall(at.end) };
  };

  // What is let go while there is no line glides back.
  const isRefused = (info) => {
    const isLost = window.refuseWithoutLine();
    if (isLost) info.revert();
    return isLost;
  };

  // Tells of own events where an appointment was dropped, once the server has agreed.
  const tellClash = () => {
    const drop = hopes.current;
    hopes.current = null;
    const now = drop && latest.current.events.find((one) => one.id === drop.id && one.start === drop.start);
    if (now && agentAt(now, now.lane) === own.place?.person) noteDrop(drop, drop.old);
  };

  const grab = (info) => {
    dragging.current = true;
    noteDrop(null);
    latest.current.onGrab?.(info.event.id);
  };

  // What is let go where it does not fit glides back; the server is asked all the same,
  // because only it knows the sentence that says why.
  const letGo = ({ event }) => {
    const at = over.current;
    const shown = event.extendedProps;
    dragging.current = false;
    hint(null);
    if (missed.current) setTimeout(redraw); // others' changes, once the drop is over
    missed.current = false;
    if (!at || at.open || window.refuseWithoutLine()) return;
    const lane = at.lane === shown.lane ? "" : at.lane;
    const stays = !lane && wall(at.start) === shown.start.slice(0, 16) && wall(at.end) === shown.end.slice(0, 16);
    if (!stays) latest.current.onMove?.(event.id, shown.version, wall(at.start), wall(at.end), lane);
  };

  useEffect(() => {
    const made = createCalendar(host.current, PLUGINS, {
      ...options(latest.current, own.events, lanes),
      scrollTime,
      events: [], // drawn by an effect below; events that are here already are drawn twice
      eventTimeFormat: () => "", // content() writes the times itself
      eventContent: content,
      eventDidMount: ({ el, event, view }) => {
        if (event.display === "background") {
          const band = event.extendedProps;
          const subject = latest.current.subjects?.[band.lane] ?? "";
          const { locale, texts } = latest.current;
          prepareBand(el, band, subject, { locale, texts, flat: view.type.startsWith("resourceTimeline") });
          return;
        }
        const label = event.extendedProps.full;
        if (label) {
          el.setAttribute("aria-label", label);
          el.title = label;
        }
      },
      resourceLabelContent: ({ resource }) => ({
        domNodes: [
          element("div", "w", text("lane-title", resource.title), text("lane-sub", resource.extendedProps.subtitle)),
        ],
      }),
      eventClick: ({ event }) => {
        if (event.extendedProps.isPersonal) openEvent(event.extendedProps);
        else if (!window.refuseWithoutLine()) leave(() => latest.current.onOpen?.(event.id));
      },
      eventDragStart: grab,
      eventResizeStart: grab,
      eventDragStop: letGo,
      eventResizeStop: letGo,
      dragConstraint: (info) => {
        const at = moved(info, latest.current.openings);
        hint(at);
        return at.open && isAllowed(info.oldEvent.extendedProps, at);
      },
      resizeConstraint: (info) => {
        const at = resized(info, latest.current.openings);
        hint(at);
        return at.open;
      },
      eventDrop: (info) => {
        if (isRefused(info)) return;
        const at = moved(info, null);
        const lane = info.newResource ? at.lane : "";
        hope(info, at);
        latest.current.onMove?.(info.event.id, version(info), wall(at.start), wall(at.end), lane);
      },
      eventResize: (info) => {
        if (isRefused(info)) return;
        const at = resized(info, null);
        hope(info, at);
        latest.current.onMove?.(info.event.id, version(info), wall(at.start), wall(at.end), "");
      },
      select: (info) => {
        const span = [info.startStr.slice(0, 16), info.endStr.slice(0, 16), info.resource?.id ?? ""];
        if (!window.refuseWithoutLine()) leave(() => latest.current.onPick?.(...span));
        made.unselect();
      },
    });
    calendar.current = made;
    reasons.current = answerWhy(host.current.parentElement, host.current, card.current);
    const popup = carePopup(host.current, latest.current.texts.day);
    const observer = watched(host.current, () => {
      popup.tidy();
      keepStops(host.current);
      nameHolidays(host.current, latest.current.holidays);
      reasons.current?.restore();
    });
    return () => {
      observer.disconnect();
      popup.end();
      reasons.current.end();
      calendar.current = null;
      destroyCalendar(made);
    };
  }, []);

  const settings = { ...options(props, own.events, lanes), scrollTime };
  for (const [name, value] of Object.entries(settings)) {
    // One effect per option: only what changed is told to the library.
    // eslint-disable-next-line react-hooks/rules-of-hooks
    useEffect(() => {
      calendar.current?.setOption(name, value);
    }, [JSON.stringify(value)]);
  }

  const { slotMinTime } = settings;
  useEffect(() => {
    if (drawnFrom.current.place === place) keepHours(host.current, drawnFrom.current.first, slotMinTime);
    drawnFrom.current = { place, first: slotMinTime };
  }, [slotMinTime, place]);

  useEffect(() => {
    if (dragging.current) missed.current = true;
    else redraw();
  }, [shown, props.revision, own.events, JSON.stringify(lanes)]);

  useEffect(tellClash, [props.revision]);

  useEffect(() => nameHolidays(host.current, props.holidays), [JSON.stringify(props.holidays)]);

  return (
    <>
      <div ref={host} className="echost" role="group" aria-label="Calendar" />
      <p className="draghint" role="status" hidden />
      <div ref={card} className="why" role="tooltip" hidden />
    </>
  );
}

function options(props, own, lanes) {
  const timeline = props.view.startsWith("resourceTimeline");
  return {
    view: props.view,
    date: props.day,
    resources: (props.lanes ?? []).map((lane) => ({
      id: lane.id,
      title: lane.title,
      extendedProps: { subtitle: lane.subtitle },
    })),
    ...roomFor(own, props, lanes),
    timeZone: props.offset,
    locale: props.locale,
    firstDay: props.firstDay ?? 1,
    selectable: Boolean(props.selectable),
    eventStartEditable: false,
    eventDurationEditable: false,
    headerToolbar: { start: "", center: "", end: "" },
    height: "100%",
    allDaySlot: own.some((event) => event.isAllDay),
    allDayContent: "",
    slotDuration: timeline ? "00:30" : "00:15",
    snapDuration: props.step,
    slotHeight: 17,
    slotWidth: 80,
    slotLabelInterval: "01:00",
    slotLabelFormat: { hour: "numeric", minute: "2-digit", hourCycle: "h23" },
    dayHeaderFormat: props.view === "dayGridMonth" ? { weekday: "long" } : { weekday: "long", day: "numeric" },
    slotEventOverlap: false,
    dayMaxEvents: true,
    nowIndicator: true,
    pointer: false,
    longPressDelay: 500,
    datesAboveResources: true,
    columnWidth: props.view === "resourceTimeGridWeek" ? "132px" : props.view.startsWith("resourceTimeGrid") ? "minmax(116px, 1fr)" : "minmax(0, 1fr)",
  };
}
