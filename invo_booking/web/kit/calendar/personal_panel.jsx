// The panel of an agent's own calendars, and what is said about them above the calendar.
import { createElement as h, useEffect, useRef, useState } from "react";
import {
  change,
  clashes,
  COLORS,
  clashText,
  dismiss,
  listCalendars,
  noteDrop,
  readAgain,
  showPanel,
  showPlace,
  signIn,
  signOut,
  usePersonal,
  warn,
} from "./personal_store.js";

const MOST_CALENDARS = 5;

function Switch({ label, help, isOn, onChange }) {
  return h(
    "label",
    { className: "sw" },
    h("span", null, label, help ? h("small", null, help) : null),
    h("input", { type: "checkbox", role: "switch", checked: isOn, onChange: (event) => onChange(event.target.checked) }),
  );
}

function Calendars({ grant, found, texts }) {
  const [problem, setProblem] = useState("");
  const own = found.filter((one) => one.is_primary).map((one) => one.key);
  const chosen = grant.calendars?.length ? grant.calendars : own;
  const toggle = (key, isOn) => {
    const next = isOn ? [...chosen, key] : chosen.filter((one) => one !== key);
    const refusal = next.length === 0 ? texts.least : next.length > MOST_CALENDARS ? texts.most : "";
    setProblem(refusal);
    if (!refusal) change(grant.id, { calendars: next });
  };
  return h(
    "details",
    { className: "which" },
    h("summary", null, texts.calendars.replace("{count}", chosen.length)),
    ...found.map((one) =>
      h(
        "label",
        { key: one.key },
        h("input", {
          type: "checkbox",
          checked: chosen.includes(one.key),
          onChange: (event) => toggle(one.key, event.target.checked),
        }),
        one.name,
      ),
    ),
    problem ? h("p", { className: "small bad", role: "alert" }, problem) : null,
  );
}

function Color({ grant, texts }) {
  return h(
    "label",
    { className: "sw" },
    h("span", null, texts.color),
    h("i", { className: `own-swatch own-${grant.color}`, "aria-hidden": "true" }),
    h(
      "select",
      { value: grant.color, onChange: (event) => change(grant.id, { color: event.target.value }) },
      ...COLORS.map((name) => h("option", { key: name, value: name }, texts[name])),
    ),
  );
}

function Account({ grant, found, notice, texts }) {
  const label = texts[grant.provider];
  useEffect(() => {
    listCalendars(grant.id);
  }, [grant.id]);
  return h(
    "section",
    { className: "acc", "aria-label": `${label}, ${grant.account}` },
    h(
      "div",
      { className: "row" },
      h("span", { className: `mark big own-${grant.color}`, "aria-hidden": "true" }, label[0]),
      h("div", null, h("h3", null, label), h("p", { className: "small muted" }, grant.account)),
    ),
    notice ? h("p", { className: "small bad" }, notice.text) : null,
    found.length > 1 ? h(Calendars, { grant, found, texts }) : null,
    h(Color, { grant, texts }),
    h(Switch, {
      label: texts.team,
      help: texts.teamHelp,
      isOn: grant.isOnTeam,
      onChange: (isOnTeam) => change(grant.id, { isOnTeam }),
    }),
    h(Switch, {
      label: texts.recurring,
      isOn: grant.isRecurring,
      onChange: (isRecurring) => change(grant.id, { isRecurring }),
    }),
    h(
      "div",
      { className: "row does" },
      notice?.isOver
        ? h("button", { type: "button", className: "btn sm", onClick: () => signIn(grant.provider, grant.id) }, texts.again)
        : h("button", { type: "button", className: "btn sm", onClick: () => readAgain(grant.id) }, texts.reload),
      h("button", { type: "button", className: "btn sm", onClick: () => signOut(grant.id) }, texts.out),
    ),
  );
}

// What is stored about whom, in the words of the documentation.
function Stored({ rows, texts }) {
  return h(
    "details",
    { className: "stored" },
    h("summary", null, texts.stored),
    h(
      "table",
      null,
      h("thead", null, h("tr", null, ...[texts.what, texts.where, texts.long].map((name) => h("th", { key: name, scope: "col" }, name)))),
      h("tbody", null, ...rows.map((row) => h("tr", { key: row[0] }, ...row.map((cell) => h("td", { key: cell }, cell))))),
    ),
  );
}

// Why the last press failed, with a button to do it again if that is of use.
function Trouble({ className, trouble, retry, texts }) {
  const act = retry ?? dismiss;
  return h(
    "p",
    { className, role: "alert" },
    h("span", null, trouble, " "),
    h("button", { type: "button", className: "link", onClick: act }, retry ? texts.retry : texts.close),
  );
}

function Panel({ stored }) {
  const { grants, notices, accounts, trouble, retry, note, isWarning, place } = usePersonal();
  const { texts, providers } = place;
  return h(
    "div",
    { className: "accs" },
    trouble ? h(Trouble, { className: "acc small bad", trouble, retry, texts }) : null,
    h("div", { role: "status" }, note ? h("p", { className: "acc small" }, note) : null),
    ...grants.map((grant) =>
      h(Account, {
        key: grant.id,
        grant,
        found: accounts.get(grant.id) ?? [],
        notice: notices.find((one) => one.grant.id === grant.id),
        texts,
      }),
    ),
    providers.length === 0 ? h("p", { className: "acc small" }, texts.none) : null,
    h(
      "div",
      { className: "acc offers" },
      ...providers.map((name) =>
        h(
          "button",
          { key: name, type: "button", className: "btn", onClick: () => signIn(name) },
          texts.signIn.replace("{label}", texts[name]),
        ),
      ),
      grants.length > 0 ? h(Switch, { label: texts.warn, isOn: isWarning, onChange: warn }) : null,
    ),
    h(Stored, { rows: stored, texts }),
  );
}

// The panel while it is open. It needs no answer of the server, so it stays open from one
// week to the next and can be opened as soon as the page is there.
function Dialog({ stored, head, children }) {
  const { grants, place } = usePersonal();
  const host = useRef(null);
  useEffect(() => {
    const opener = document.activeElement;
    host.current?.querySelector(".accs button, .accs input, .accs summary")?.focus();
    return () => opener?.focus?.();
  }, [place === null]);
  useEffect(() => {
    // What was pressed may be gone with its account; the keyboard stays in the panel.
    if (document.activeElement === document.body) host.current?.querySelector("button")?.focus();
  }, [grants.length]);
  const close = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    showPanel(false);
  };
  return h(
    "div",
    { ref: host, className: "pc", role: "dialog", "aria-labelledby": "own-title", onKeyDown: close },
    h(
      "header",
      null,
      h("div", null, h("h2", { id: "own-title" }, head.heading), h("p", { className: "small muted" }, head.lead)),
      h("button", { type: "button", className: "icon-btn", "aria-label": head.close, onClick: () => showPanel(false) }, children),
    ),
    place ? h(Panel, { stored }) : null,
  );
}

export function PersonalPanel(props) {
  const { isOpen } = usePersonal();
  useEffect(() => () => showPanel(false), []);
  return isOpen ? h(Dialog, props) : null;
}

// The button that opens and closes the panel.
export function PersonalGear({ children }) {
  const { isOpen } = usePersonal();
  return h(
    "button",
    { type: "button", className: "gear", "aria-haspopup": "dialog", "aria-expanded": isOpen, onClick: () => showPanel(!isOpen) },
    children,
  );
}

// Tells the store what the page shows, and the person what could not be shown.
export function PersonalNotices({ shown, texts }) {
  useEffect(() => {
    if (shown.person) showPlace({ ...shown, texts });
  }, [shown, texts]);
  const { notices, dropped, trouble, retry, isOpen } = usePersonal();
  return h(
    "div",
    { className: "own-notices", role: "status" },
    trouble && !isOpen ? h(Trouble, { className: "own-notice", trouble, retry, texts }) : null,
    dropped.length > 0
      ? h(
          "p",
          { className: "own-notice" },
          h("span", null, clashText(texts.dropped, dropped)),
          h("button", { type: "button", className: "link", onClick: () => noteDrop(null) }, texts.close),
        )
      : null,
    ...notices.map(({ grant, text, isOver }) =>
      h(
        "p",
        { key: grant.id, className: "own-notice" },
        h("span", { className: "mark", "aria-hidden": "true" }, texts[grant.provider][0]),
        h("span", null, text),
        isOver
          ? h("button", { type: "button", className: "link", onClick: () => signIn(grant.provider, grant.id) }, texts.again)
          : h("button", { type: "button", className: "link", onClick: () => readAgain(grant.id) }, texts.retry),
      ),
    ),
  );
}

const CLOCK = /^\d\d:\d\d/;
const minutesOf = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
const wall = (day, minutes) => new Date(Date.parse(`${day}T00:00Z`) + minutes * 60_000).toISOString().slice(0, 16);

// The wall times of a day, a start and an end or a length; null if they are incomplete.
// An end that is not after the start is on the next day.
function spanOf({ day, starts, ends = "", minutes = 0 }) {
  if (!/^\d{4}-\d\d-\d\d$/.test(day ?? "") || !CLOCK.test(starts ?? "")) return null;
  const first = minutesOf(starts);
  const past = CLOCK.test(ends) ? minutesOf(ends) + (minutesOf(ends) > first ? 0 : 1_440) : first + minutes;
  return { start: wall(day, first), end: wall(day, past) };
}

function spanOfForm(form) {
  const [day, starts, ends, minutes] = ["day", "starts", "ends", "minutes"].map((name) => form.get(name) ?? "");
  return spanOf({ day, starts, ends, minutes: Number(minutes) || 0 });
}

function Clash({ text, events }) {
  return h(
    "div",
    { role: "status" },
    events.length > 0 ? h("p", { className: "note own-clash" }, clashText(text, events)) : null,
  );
}

// Warns in a form, by the agent's choice; judged here, so that no server learns of it.
// Without an agent of its own, the form has a field for one.
export function PersonalWarning({ stamp, text, agent, before }) {
  const { isWarning, place, answered } = usePersonal();
  const host = useRef(null);
  const [events, setEvents] = useState([]);
  const stored = JSON.stringify(before ?? {});
  useEffect(() => {
    const form = host.current?.closest("form");
    if (!form || !place) return undefined;
    const look = () => {
      const typed = new FormData(form);
      const span = (agent ?? typed.get("agent")) === place.person ? spanOfForm(typed) : null;
      setEvents(span ? clashes(span, spanOf(JSON.parse(stored))) : []);
    };
    look();
    form.addEventListener("input", look);
    return () => form.removeEventListener("input", look);
  }, [stamp, agent, stored, isWarning, place, answered]);
  return h("div", { ref: host }, h(Clash, { text, events }));
}

// The own events at the times of a stored appointment, if it is `isOffered`.
function useClashes({ day, starts, ends }, isOffered) {
  const { isWarning, place, answered } = usePersonal();
  const [events, setEvents] = useState([]);
  useEffect(() => {
    const span = place && isOffered ? spanOf({ day, starts, ends }) : null;
    setEvents(span ? clashes(span) : []);
  }, [day, starts, ends, isOffered, isWarning, place, answered]);
  return events;
}

// Warns before agents assign an appointment to themselves.
export function PersonalOffer({ text, before, isTaken, candidates }) {
  const { place } = usePersonal();
  const isOffered = isTaken || candidates.some((one) => one.free && one.id === place?.person);
  return h(Clash, { text, events: useClashes(before, isOffered) });
}

// The same in a list, beside the button that takes an appointment.
export function PersonalRowWarning({ text, times }) {
  const events = useClashes(times, true);
  return events.length > 0 ? h("span", { className: "m own-clash is-row" }, clashText(text, events)) : null;
}

// How many calendars are shown, beside the gear.
export function PersonalCount({ texts }) {
  const { grants } = usePersonal();
  return grants.length === 0 ? null : h("span", { className: "small" }, texts.count.replace("{count}", grants.length));
}
