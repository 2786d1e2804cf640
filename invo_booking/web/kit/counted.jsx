// How many characters are left in a field, counted while one types.
import { createElement as h, Fragment, useEffect, useState } from "react";

// People count letters, not the halves some of them are stored as.
const lengthOf = (field) => [...(field?.value ?? "").trim()].length;

const told = (left) => {
  return window.counted(left < 0 ? "counted.too_many" : "counted.left", Math.abs(left));
};

export function CharactersLeft({ fieldId, name, tone, limit }) {
  const [used, setUsed] = useState(null);
  useEffect(() => {
    const field = document.getElementById(fieldId);
    const count = () => setUsed(lengthOf(field));
    count();
    field?.addEventListener("input", count);
    return () => field?.removeEventListener("input", count);
  }, [fieldId]);
  if (used === null) return h("p", { id: name, className: tone });
  const left = limit - used;
  const spoken = left < 0 ? window.counted("counted.longer", limit) : "";
  return h(
    Fragment,
    null,
    h("p", { id: name, className: left < 0 ? `${tone} over` : tone }, told(left)),
    h("p", { role: "status", className: "vh" }, spoken),
  );
}
