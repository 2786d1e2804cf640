// Keys that work anywhere on the page, except while somebody is typing.
import { useEffect, useRef } from "react";

const TYPING = "input, textarea, select, [contenteditable=true]";

export function Shortcuts({ keys, onKey }) {
  const latest = useRef(onKey);
  latest.current = onKey;

  useEffect(() => {
    const press = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.key !== "Escape" && event.target.closest?.(TYPING)) return;
      if (keys.includes(event.key)) latest.current?.(event.key);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [JSON.stringify(keys)]);

  return null;
}
