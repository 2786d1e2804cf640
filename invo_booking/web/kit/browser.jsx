// Two small things only a browser knows or does: where the visitor is, and arrow keys.
import { createElement as h, useEffect, useRef } from "react";

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

const focusWhenDrawn = (table) => {
  const drawn = new MutationObserver(() => {
    drawn.disconnect();
    table.querySelector("button[tabindex='0']")?.focus();
  });
  drawn.observe(table, { childList: true, characterData: true, subtree: true });
  setTimeout(() => drawn.disconnect(), PATIENCE);
};

export function ArrowKeys({ children, onTurn }) {
  const press = (event) => {
    const cell = event.target.closest("td");
    if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
    const pages = { PageDown: 1, PageUp: -1 }[event.key];
    if (pages) {
      event.preventDefault();
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
  return h("div", { onKeyDown: press }, children);
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
