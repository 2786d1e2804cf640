// What only the browser can do on pages of administrators.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";

const FORM = /[?&](edit|new)=/;

// Keeps a list's filters in its address, without a new page for each. Nothing is
// written once something else was opened, while the list's last answer is on its way.
export function KeepsAddress({ address }) {
  useEffect(() => {
    const { pathname, search } = window.location;
    if (pathname !== address.split("?")[0] || FORM.test(search)) return;
    window.history.replaceState(window.history.state, "", address);
  }, [address]);
  return null;
}

const FOUND = "is-found";
const FIELD = "input:not([disabled]), select, textarea, button";

const point = (key) => {
  const row = document.getElementById(key);
  if (!row) return false;
  document.querySelectorAll(`.${FOUND}`).forEach((old) => old.classList.remove(FOUND));
  row.classList.add(FOUND);
  row.scrollIntoView({ block: "center" });
  row.querySelector(FIELD)?.focus({ preventScroll: true });
  return true;
};

// The name behind "#" of an address; empty if somebody typed what is none.
const nameOf = (hash) => {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return "";
  }
};

// Points out the setting named in the address, or the one that needs correcting.
export function Spotlight({ target, turn }) {
  const { hash, key } = useLocation();
  useEffect(() => {
    const wanted = nameOf(hash);
    if (!wanted || point(wanted)) return undefined;
    const drawn = new MutationObserver(() => point(wanted) && drawn.disconnect());
    drawn.observe(document.body, { childList: true, subtree: true });
    return () => drawn.disconnect();
  }, [hash, key]);
  useEffect(() => {
    if (turn > 0) point(target);
  }, [turn]);
  return null;
}

const COLOR = /^#[0-9a-f]{6}$/i;

// One color in two fields: picked with the eye, or written.
export function ColourField({ value, label, fieldId, describedBy, invalid, onPick }) {
  const [text, setText] = useState(value);
  const change = (event) => {
    setText(event.target.value);
    onPick?.(event.target.value);
  };
  return h(
    "div",
    { className: "swatch" },
    h("input", {
      type: "color",
      value: COLOR.test(text) ? text : "#000000",
      "aria-label": `${label}, picked with the eye`,
      onChange: change,
    }),
    h(
      "div",
      { className: "ctl" },
      h("input", {
        id: fieldId,
        value: text,
        spellCheck: false,
        autoComplete: "off",
        "aria-describedby": describedBy,
        "aria-invalid": invalid || undefined,
        onChange: change,
      }),
    ),
  );
}

// Sends a mail with what is saved; past Reflex, for a mail server may take its time.
const freshKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

const PATIENCE = 90000; // a mail server may take half a minute, and asking it again

export function TrialMail({ to, address, texts }) {
  const key = useRef(freshKey());
  const [told, setTold] = useState({ words: "", is: "" });
  const [isBusy, setBusy] = useState(false);
  const field = useRef(null);
  const send = async (event) => {
    event.preventDefault();
    setBusy(true);
    setTold({ words: texts.sending, is: "wait" });
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
          "Idempotency-Key": key.current,
        },
        body: JSON.stringify({ to: field.current.value.trim() }),
        signal: AbortSignal.timeout(PATIENCE),
      });
      const { detail } = await answer.json();
      setTold({ words: detail || texts.unanswered, is: answer.ok ? "ok" : "bad" });
      key.current = freshKey();
    } catch {
      setTold({ words: texts.unanswered, is: "bad" });
    }
    setBusy(false);
  };
  return h(
    "form",
    { className: "trial", onSubmit: send },
    h("label", { htmlFor: "trial-to" }, texts.to),
    h(
      "div",
      { className: "line" },
      h(
        "div",
        { className: "ctl" },
        h("input", { id: "trial-to", ref: field, type: "email", placeholder: to, autoComplete: "email" }),
      ),
      h("button", { className: "btn", disabled: isBusy }, texts.send),
    ),
    h("p", { role: "status", className: `msg ${told.is}` }, told.words),
  );
}
