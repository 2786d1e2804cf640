// What only the browser can do on pages of administrators.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useBlocker, useLocation } from "react-router";

export function Dialog({ open, label, kind, onClose, children }) {
  const box = useRef(null);
  useEffect(() => {
    if (open && !box.current.open) box.current.showModal();
    if (!open && box.current.open) box.current.close();
  }, [open]);
  const close = (event) => {
    event.preventDefault();
    onClose?.();
  };
  return h(
    "dialog",
    {
      ref: box,
      className: kind,
      "aria-label": label,
      onCancel: close,
      onClick: (event) => event.target === box.current && close(event),
    },
    open ? children : null,
  );
}

// Asks before changes are lost: by a link or the back button, or by closing the page.
export function LeaveGuard({ changes, words }) {
  const stays = (here, next) => here.pathname === next.pathname && here.search === next.search;
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => changes > 0 && !stays(currentLocation, nextLocation),
  );
  const isAsking = blocker.state === "blocked";
  useEffect(() => {
    if (!changes) return undefined;
    const ask = (event) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [changes > 0]);
  const button = (label, look, press) =>
    h("button", { type: "button", className: `btn ${look}`, onClick: press }, label);
  return h(
    Dialog,
    {
      open: isAsking,
      label: "Leave without saving?",
      kind: "ask",
      onClose: () => blocker.reset?.(),
    },
    h("h2", null, "Leave without saving?"),
    h("p", null, `${words} on this page will be lost.`),
    h(
      "div",
      { className: "acts" },
      button("Stay on this page", "primary", () => blocker.reset?.()),
      button("Leave", "", () => blocker.proceed?.()),
    ),
  );
}

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

// Points out the setting named in the address, or the one that needs correcting.
export function Spotlight({ target, turn }) {
  const { hash, key } = useLocation();
  useEffect(() => {
    const wanted = decodeURIComponent(hash.slice(1));
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

const COLOUR = /^#[0-9a-f]{6}$/i;

// One colour in two fields: picked with the eye, or written.
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
      value: COLOUR.test(text) ? text : "#000000",
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

export function TrialMail({ to, address }) {
  const key = useRef(freshKey());
  const [told, setTold] = useState({ words: "", is: "" });
  const [isBusy, setBusy] = useState(false);
  const field = useRef(null);
  const send = async (event) => {
    event.preventDefault();
    setBusy(true);
    setTold({ words: "Sending…", is: "wait" });
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
          "Idempotency-Key": key.current,
        },
        body: JSON.stringify({ to: field.current.value.trim() }),
      });
      const { detail } = await answer.json();
      setTold({ words: detail, is: answer.ok ? "ok" : "bad" });
      key.current = freshKey();
    } catch {
      setTold({ words: "The answer did not arrive. Check your connection and try again.", is: "bad" });
    }
    setBusy(false);
  };
  return h(
    "form",
    { className: "trial", onSubmit: send },
    h("label", { htmlFor: "trial-to" }, "Send it to"),
    h(
      "div",
      { className: "line" },
      h(
        "div",
        { className: "ctl" },
        h("input", { id: "trial-to", ref: field, type: "email", placeholder: to, autoComplete: "email" }),
      ),
      h("button", { className: "btn", disabled: isBusy }, "Send a test mail"),
    ),
    h("p", { role: "status", className: `msg ${told.is}` }, told.words),
  );
}
