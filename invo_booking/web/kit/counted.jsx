// How many characters are left in a field, counted while one types.
import { createElement as h, Fragment, useEffect, useState } from "react";

// People count letters, not the halves some of them are stored as.
const lengthOf = (field) => [...(field?.value ?? "").trim()].length;

const told = (left) => {
  const number = Math.abs(left).toLocaleString("en-US");
  const noun = Math.abs(left) === 1 ? "character" : "characters";
  return left < 0 ? `${number} ${noun} too many` : `${number} ${noun} left`;
};

export function CharactersLeft({ fieldId, name, tone, limit }) {
  const [used, setUsed] = useState(0);
  useEffect(() => {
    const field = document.getElementById(fieldId);
    const count = () => setUsed(lengthOf(field));
    count();
    field?.addEventListener("input", count);
    return () => field?.removeEventListener("input", count);
  }, [fieldId]);
  const left = limit - used;
  const spoken = left < 0 ? `Longer than ${limit.toLocaleString("en-US")} characters.` : "";
  return h(
    Fragment,
    null,
    h("p", { id: name, className: left < 0 ? `${tone} over` : tone }, told(left)),
    h("p", { role: "status", className: "vh" }, spoken),
  );
}
