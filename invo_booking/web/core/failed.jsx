// In the place of what could not be drawn: nothing, but failed.js is told to speak.
import { createElement as h, useEffect, useRef } from "react";

export function Failed() {
  useEffect(() => {
    dispatchEvent(new Event("invo:failed"));
  }, []);
  return null;
}

// In the place of a page's main part that could not be drawn. The menu around it works.
export function FailedPart({ back, href }) {
  const box = useRef(null);
  useEffect(() => box.current.focus(), []);
  return h(
    "div",
    { className: "failed is-part", role: "alert", tabIndex: -1, ref: box },
    h(
      "div",
      null,
      h("h1", null, "This page stopped working"),
      h("p", null, "Part of it failed in your browser. What was saved before is safe; what you typed since may be lost."),
      h("p", null, "Reload the page. If it happens again, go back and take another way, or tell us what you were doing."),
      h(
        "p",
        null,
        h("button", { type: "button", onClick: () => location.reload() }, "Reload this page"),
        h("a", { href }, back),
      ),
    ),
  );
}
