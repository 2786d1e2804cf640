// The list of a full day in the month: it has a name, Escape closes it alone, and the
// focus goes back to where it was opened.
const POPUP = ".ec-popup";

const dayOf = (popup) => popup?.querySelector("time")?.dateTime ?? "";

function goBack(host, day) {
  const cells = [...host.querySelectorAll(".ec-day")];
  const cell = cells.find((one) => one.querySelector(`time[datetime="${day}"]`));
  const isLost = !document.activeElement || document.activeElement === document.body;
  if (isLost) cell?.querySelector(".ec-day-foot a")?.focus({ preventScroll: true });
}

// Take care of the list within a calendar. Returns what to do after every change of the
// calendar's boxes, and how to stop.
export function carePopup(host, name) {
  const stop = new AbortController();
  let day = "";

  const press = (event) => {
    const popup = host.querySelector(POPUP);
    if (event.key !== "Escape" || event.defaultPrevented || !popup) return;
    event.preventDefault();
    popup.querySelector("header a")?.click();
  };
  document.addEventListener("keydown", press, { signal: stop.signal });

  return {
    end: () => stop.abort(),
    tidy: () => {
      const popup = host.querySelector(POPUP);
      popup?.setAttribute("aria-label", name.replace("{day}", popup.querySelector("time")?.textContent));
      if (day && !popup) goBack(host, day);
      day = dayOf(popup);
    },
  };
}
