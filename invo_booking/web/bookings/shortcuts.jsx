// Keys that work anywhere on the page, except while somebody is typing.
import { useEffect, useRef } from "react";
import { leave } from "../../kit/unsaved/unsaved.js";

const TYPING = "input, textarea, select, [contenteditable=true]";

export function Shortcuts({ keys, onKey }) {
  const latest = useRef(onKey);
  latest.current = onKey;

  useEffect(() => {
    const press = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target.closest?.("dialog[open]")) return; // it has keys of its own
      if (event.key !== "Escape" && event.target.closest?.(TYPING)) return;
      const { key } = event;
      if (!keys.includes(key)) return;
      event.preventDefault(); // the same Escape must not close the question it asks
      if (!window.refuseWithoutLine()) leave(() => latest.current?.(key));
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [JSON.stringify(keys)]);

  return null;
}
