// Small things only a browser knows or does: where the visitor is, arrow keys, the focus.
import { createElement as h, useEffect, useLayoutEffect, useRef } from "react";
import { keep, recallFields } from "./storage.js";

export function Whereabouts({ onKnown }) {
  const say = useRef(onKnown);
  useEffect(() => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    say.current?.(timeZone || "", navigator.language || "");
  }, []);
  return null;
}

let pageHasHeading = false;

export function Headline({ level, fieldId, children }) {
  const heading = useRef(null);
  useEffect(() => {
    const isStep = level === "h1";
    if (isStep && pageHasHeading) window.scrollTo(0, 0);
    if (!isStep || pageHasHeading) heading.current?.focus({ preventScroll: isStep });
    pageHasHeading = pageHasHeading || isStep;
  }, []);
  return h(level, { ref: heading, id: fieldId, tabIndex: -1 }, children);
}

const CELLS = 7;

const target = (key, cells, at, rtl) => {
  const step = {
    ArrowRight: rtl ? -1 : 1,
    ArrowLeft: rtl ? 1 : -1,
    ArrowDown: CELLS,
    ArrowUp: -CELLS,
  }[key];
  const free = (index) => cells[index]?.querySelector("button");
  if (step) {
    let index = at + step;
    while (cells[index] && !free(index)) index += step;
    return free(index);
  }
  const row = cells.slice(at - (at % CELLS), at - (at % CELLS) + CELLS);
  const buttons = row.map((cell) => cell.querySelector("button")).filter(Boolean);
  if (key === "Home") return buttons[0];
  return key === "End" ? buttons.at(-1) : undefined;
};

const PATIENCE = 3000;

const whenDrawn = (part, act) => {
  const drawn = new MutationObserver(() => {
    drawn.disconnect();
    act();
  });
  drawn.observe(part, { childList: true, characterData: true, subtree: true });
  setTimeout(() => drawn.disconnect(), PATIENCE);
};

const focusWhenDrawn = (table) =>
  whenDrawn(table, () => table.querySelector("button[tabindex='0']")?.focus());

// Where the times are below the month, they come to who picks a day.
const NARROW = "(max-width: 899px)";

const showTimes = (times) => {
  times.focus({ preventScroll: true });
  times.scrollIntoView({ block: "start" });
};

const pickDay = (event) => {
  const day = event.target.closest("button.day");
  const times = document.getElementById("times");
  if (!day || !times || !matchMedia(NARROW).matches) return;
  if (day.getAttribute("aria-pressed") === "true") showTimes(times);
  else whenDrawn(times, () => showTimes(times));
};

export function ArrowKeys({ children, onTurn }) {
  const press = (event) => {
    const cell = event.target.closest("td");
    if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
    const pages = { PageDown: 1, PageUp: -1 }[event.key];
    if (pages) {
      event.preventDefault();
      if (window.refuseWithoutLine()) return;
      focusWhenDrawn(event.currentTarget);
      onTurn?.(pages);
      return;
    }
    const cells = [...event.currentTarget.querySelectorAll("td")];
    const rtl = getComputedStyle(event.currentTarget).direction === "rtl";
    const found = target(event.key, cells, cells.indexOf(cell), rtl);
    if (!found) return;
    event.preventDefault();
    cells.forEach((each) => each.querySelector("button")?.setAttribute("tabindex", "-1"));
    found.setAttribute("tabindex", "0");
    found.focus();
  };
  return h("div", { onKeyDown: press, onClick: pickDay }, children);
}

export function SearchField({ value, fieldId, listId, invalid, describedBy, onChoose }) {
  const field = useRef(null);
  useEffect(() => {
    if (field.current) field.current.value = value;
  }, [value]);
  const choose = () => {
    const typed = field.current.value.trim();
    if (typed && typed !== value) onChoose?.(typed);
    else field.current.value = value;
  };
  const options = () => [...(document.getElementById(listId)?.options ?? [])];
  return h("input", {
    ref: field,
    id: fieldId,
    list: listId,
    defaultValue: value,
    autoComplete: "off",
    "aria-invalid": invalid || undefined,
    "aria-describedby": describedBy,
    onFocus: (event) => event.target.select(),
    onBlur: choose,
    onInput: (event) => options().some((one) => one.value === event.target.value) && choose(),
    onKeyDown: (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      choose();
    },
  });
}

// Takes the place of what the server wrote into the document, before the live page is
// painted, so that nothing jumps. It waits while somebody is at work there: what they have
// typed, or a refusal they have not answered, would be lost.

const atWork = (served) =>
  served.querySelector("details[open]:not([data-opened]), [role=alert]") ||
  document.activeElement?.closest("#served form, #served details");

export function TakeOver() {
  useLayoutEffect(() => {
    const served = document.getElementById("served");
    if (!served) return undefined;
    const take = () => atWork(served) || served.remove();
    const later = () => setTimeout(take);
    take();
    served.addEventListener("focusout", later);
    served.addEventListener("toggle", later, true);
    return () => {
      served.removeEventListener("focusout", later);
      served.removeEventListener("toggle", later, true);
    };
  }, []);
  return null;
}

// Says what was just done: spoken, focused and brought into sight, so that nobody misses
// it. `count` rises with each thing that was done, because the same may be done twice.

export function Told({ words, count, children }) {
  const box = useRef(null);
  useEffect(() => {
    if (!words) return;
    box.current.focus({ preventScroll: true });
    box.current.scrollIntoView({ block: "nearest" });
  }, [words, count]);
  return h("div", { ref: box, className: "told-box", role: "status", tabIndex: -1 }, children);
}

// What somebody typed into a form, kept in this tab: a page that is loaded again, or
// whose state the server has lost, gets it back. It ends with the tab.
export function KeptFields({ form, fields, store }) {
  useEffect(() => {
    const part = document.getElementById(form);
    if (!part) return undefined;
    const typed = recallFields("sessionStorage", store);
    fields.forEach((name) => {
      const field = part.elements[name];
      if (!field || field.value || !typed[name]) return;
      field.value = typed[name];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    const keepTyped = () => {
      const values = fields.map((name) => [name, part.elements[name]?.value ?? ""]);
      keep("sessionStorage", store, JSON.stringify(Object.fromEntries(values)));
    };
    const events = ["input", "focusout"];
    events.forEach((name) => part.addEventListener(name, keepTyped));
    return () => events.forEach((name) => part.removeEventListener(name, keepTyped));
  }, []);
  return null;
}
