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
  const { word } = window;
  useEffect(() => box.current.focus(), []);
  return h(
    "div",
    { className: "failed is-part", role: "alert", tabIndex: -1, ref: box },
    h(
      "div",
      null,
      h("h1", null, word("failed.heading")),
      h("p", null, word("failed.what")),
      h("p", null, word("failed.now")),
      h(
        "p",
        null,
        h("button", { type: "button", onClick: () => location.reload() }, word("failed.reload")),
        h("a", { href }, back),
      ),
    ),
  );
}
