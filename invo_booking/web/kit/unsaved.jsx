// The question before what is not saved is thrown away, whatever would throw it away: a
// press or a choice with `data-discards`, a link, a key, the calendar, the Back button, a
// search.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useBlocker } from "react-router";
import { Dialog } from "../dialog/dialog.jsx";
import { askWith, drop, isTyped, leave, remember, send, unsaved } from "./unsaved.js";

const OPENS = ["a", "new"]; // of the address: another appointment, or a new one
const NOTHING = null;
const ALL = { stays: false };
const entered = new WeakMap(); // of each list to choose from: its value when it got the focus
const OF_ADDRESS = { stays: true };

// What a link throws away, as `unsaved` is asked for it.
function leads(anchor) {
  if (!anchor.href || anchor.target === "_blank" || anchor.origin !== window.location.origin) return NOTHING;
  const there = new URL(anchor.href);
  const { pathname, search } = window.location;
  if (there.pathname !== pathname || OPENS.some((name) => there.searchParams.has(name))) return ALL;
  return there.search === search && there.hash ? NOTHING : OF_ADDRESS;
}

function discards(event) {
  const pressed = event.target.closest?.("[data-discards], a[href]");
  if (!pressed || pressed.tagName === "FORM") return [];
  if (event.button > 0 || event.ctrlKey || event.metaKey || event.shiftKey) return [];
  const only = pressed.dataset.discards;
  const how = only === undefined ? leads(pressed) : { ...ALL, only };
  return how && unsaved(how).length ? [pressed, how] : [];
}

function isLosing({ currentLocation, nextLocation, historyAction }) {
  const stays = currentLocation.pathname === nextLocation.pathname;
  if (stays && currentLocation.search === nextLocation.search) return false;
  return unsaved({ stays, afterSaving: historyAction !== "POP" }).length > 0;
}

const told = (only) => unsaved({ only }).find((part) => part.dataset.changed)?.dataset.changed;

export function Unsaved({ texts }) {
  const [words, setWords] = useState(""); // of the question; empty while none is asked
  const waiting = useRef(null); // what is done once somebody says so, and the one form it loses
  const blocker = useBlocker(isLosing);
  const held = useRef(blocker);
  held.current = blocker;

  const ask = (proceed, only) => {
    waiting.current = { proceed, only };
    const changes = told(only);
    setWords(changes ? texts.changed.replace("{changes}", changes) : texts.typed);
  };

  const keep = () => {
    held.current.reset?.();
    waiting.current = null;
    setWords("");
  };

  const discard = (event) => {
    const { proceed, only } = waiting.current ?? {};
    waiting.current = null;
    setWords("");
    event.target.closest("dialog").close(); // the focus is back before anything else happens
    drop(only);
    proceed?.();
  };

  useEffect(() => {
    if (blocker.state === "blocked") ask(() => held.current.proceed?.());
  }, [blocker.state]);

  useEffect(() => {
    const note = (event) => remember(event.target);
    const press = (event) => {
      const [pressed, how] = discards(event);
      if (!pressed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      leave(() => pressed.click(), how);
    };
    const search = (event) => {
      if (!event.target.hasAttribute("data-discards") || !isTyped()) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      leave(() => event.target.requestSubmit());
    };
    const enter = ({ target }) => target.tagName === "SELECT" && entered.set(target, target.value);
    // A list to choose from has changed before anybody is asked: it is set back until then.
    const choose = (event) => {
      const { target: list } = event;
      const only = list.dataset.discards;
      if (!only || !entered.has(list) || !unsaved({ only }).length) return;
      const chosen = list.value;
      event.stopImmediatePropagation();
      list.value = entered.get(list);
      leave(
        () => {
          list.value = chosen;
          list.dispatchEvent(new Event("change", { bubbles: true }));
        },
        { only },
      );
    };
    const submitted = (event) => send(event.target, !event.defaultPrevented);
    const close = (event) => {
      if (isTyped()) event.preventDefault();
    };
    const stop = askWith(ask);
    const events = ["focusin", "pointerdown", "keydown", "beforeinput"];
    events.forEach((name) => window.addEventListener(name, note, true));
    window.addEventListener("click", press, true);
    window.addEventListener("focusin", enter, true);
    window.addEventListener("change", choose, true);
    window.addEventListener("submit", search, true);
    window.addEventListener("submit", submitted);
    window.addEventListener("beforeunload", close);
    return () => {
      stop();
      events.forEach((name) => window.removeEventListener(name, note, true));
      window.removeEventListener("click", press, true);
      window.removeEventListener("focusin", enter, true);
      window.removeEventListener("change", choose, true);
      window.removeEventListener("submit", search, true);
      window.removeEventListener("submit", submitted);
      window.removeEventListener("beforeunload", close);
    };
  }, []);

  const button = (label, look, onClick) => h("button", { type: "button", className: `btn ${look}`, onClick }, label);
  return h(
    Dialog,
    { open: words !== "", label: texts.heading, kind: "ask", role: "alertdialog", onClose: keep },
    h("h2", null, texts.heading),
    h("p", null, words),
    h("div", { className: "acts" }, button(texts.keep, "primary", keep), button(texts.discard, "danger", discard)),
  );
}
