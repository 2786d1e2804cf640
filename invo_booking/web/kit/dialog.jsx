// Something laid over the page, as the browser's own dialog.
import { createElement as h, useEffect, useRef } from "react";

export function Dialog({ open, label, kind, role, onClose, children }) {
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
      role,
      "aria-label": label,
      onCancel: close,
      onClick: (event) => event.target === box.current && close(event),
    },
    open ? children : null,
  );
}
