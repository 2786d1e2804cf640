// Light or dark: a button that turns it round, and a choice that also knows "system".
// What is chosen stays in this browser's storage; no server is told.
import { createElement as h, useContext, useEffect, useState } from "react";

import { ColorModeContext } from "$/utils/context-registry";

const SUN =
  "M10 6.2a3.8 3.8 0 100 7.600 3.800 3.800 0 000-7.600zM10 1.800v2M10 16.200v2M1.800 10h2M16.200 10h2M4.200 4.200l1.400 1.400M14.400 14.400l1.400 1.400M15.800 4.200l-1.400 1.400M5.600 14.400l-1.400 1.400";
const MOON = "M16.5 11.8A7 7 0 118.2 3.5a5.6 5.6 0 008.3 8.3z";

// What was built knows nothing of this browser, so the first drawing must not either.
function useLook() {
  const look = useContext(ColorModeContext);
  const [here, setHere] = useState(false);
  useEffect(() => setHere(true), []);
  return { ...look, here };
}

export function LookButton({ name, words }) {
  const { resolvedColorMode, setColorMode, here } = useLook();
  const dark = here && resolvedColorMode === "dark";
  const other = dark ? "light" : "dark";
  return h(
    "button",
    {
      type: "button",
      className: name,
      "aria-label": words[`to_${other}`],
      onClick: () => setColorMode(other),
    },
    h(
      "svg",
      { className: "look", viewBox: "0 0 20 20", "aria-hidden": true },
      h("path", { d: dark ? SUN : MOON }),
    ),
  );
}

export function LookChoice({ words }) {
  const { rawColorMode, setColorMode, here } = useLook();
  const looks = ["system", "light", "dark"];
  return h(
    "fieldset",
    { className: "looks" },
    h("legend", null, words.legend),
    ...looks.map((key) =>
      h(
        "label",
        { key },
        h("input", {
          type: "radio",
          name: "look",
          checked: here && rawColorMode === key,
          onChange: () => setColorMode(key),
        }),
        words[key],
      ),
    ),
  );
}
