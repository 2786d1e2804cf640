// The panel of an agent's own calendars, and what is said about them above the calendar.
import { createElement as h, useEffect, useRef, useState } from "react";
import {
  change,
  clashes,
  COLORS,
  listCalendars,
  readAgain,
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
  const own = found.filter((one) => one.is_primary).map((one) => one.key);
  const chosen = grant.calendars?.length ? grant.calendars : own;
  const toggle = (key, isOn) => {
    const next = isOn ? [...chosen, key] : chosen.filter((one) => one !== key);
    if (next.length > 0 && next.length <= MOST_CALENDARS) change(grant.id, { calendars: next });
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

export function PersonalPanel({ stored, onClose }) {
  const { grants, notices, accounts, trouble, isWarning, place } = usePersonal();
  const host = useRef(null);
  useEffect(() => {
    const opener = document.activeElement;
    host.current?.querySelector("button, input, summary")?.focus();
    return () => opener?.focus?.();
  }, []);
  useEffect(() => {
    // What was pressed may be gone with its account; the keyboard stays in the panel.
    if (document.activeElement === document.body) host.current?.querySelector("button")?.focus();
  }, [grants.length]);
  if (!place) return null;
  const { texts, providers } = place;
  const close = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onClose();
  };
  return h(
    "div",
    { ref: host, className: "accs", onKeyDown: close },
    trouble ? h("p", { className: "small bad", role: "alert" }, trouble) : null,
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

// Tells the store what the page shows, and the person what could not be shown.
export function PersonalNotices({ shown, texts }) {
  useEffect(() => {
    if (shown.person) showPlace({ ...shown, texts });
  }, [shown, texts]);
  const { notices } = usePersonal();
  return h(
    "div",
    { className: "own-notices", role: "status" },
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

const wall = (day, minutes) => new Date(Date.parse(`${day}T00:00Z`) + minutes * 60_000).toISOString().slice(0, 16);

// The own events at the time a form asks for, if it is for the person at the page.
function clashesOf(form, person) {
  const [day, starts, length] = ["day", "starts", "minutes"].map((name) => form.get(name) ?? "");
  if (form.get("agent") !== person || !/^\d{4}-\d\d-\d\d$/.test(day) || !/^\d\d:\d\d/.test(starts)) return [];
  const first = Number(starts.slice(0, 2)) * 60 + Number(starts.slice(3, 5));
  return clashes(day, wall(day, first), wall(day, first + (Number(length) || 0)));
}

// Warns in a form, by the agent's choice; judged here, so that no server learns of it.
export function PersonalWarning({ stamp, text: words }) {
  const { isWarning, place, answered } = usePersonal();
  const host = useRef(null);
  const [found, setFound] = useState([]);
  useEffect(() => {
    const form = host.current?.closest("form");
    if (!form || !place || !isWarning) return undefined;
    const look = () => setFound(clashesOf(new FormData(form), place.person).map((event) => `${event.title}, ${event.time}`));
    look();
    form.addEventListener("input", look);
    return () => form.removeEventListener("input", look);
  }, [stamp, isWarning, place, answered]);
  const shown = isWarning && found.length > 0;
  return h(
    "div",
    { ref: host, role: "status" },
    shown ? h("p", { className: "note own-clash" }, words.replace("{events}", [...new Set(found)].join("; "))) : null,
  );
}

// How many calendars are shown, beside the gear.
export function PersonalCount({ texts }) {
  const { grants } = usePersonal();
  return grants.length === 0 ? null : h("span", { className: "small" }, texts.count.replace("{count}", grants.length));
}
