// Copies what a field shows, and says whether the browser let us. Over plain http there
// is no clipboard but the older way, which copies what is selected.
import { createElement as h, Fragment, useState } from "react";

const copy = async (field) => {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
};

export function CopyButton({ fieldId, name, done, failed, children }) {
  const [said, setSaid] = useState("");
  const press = async ({ currentTarget }) => {
    setSaid("");
    const isCopied = await copy(document.getElementById(fieldId));
    if (isCopied) currentTarget.focus();
    setSaid(isCopied ? done : failed);
  };
  return h(
    Fragment,
    null,
    h("button", { type: "button", className: name, onClick: press }, children),
    h("p", { role: "status" }, said),
  );
}
