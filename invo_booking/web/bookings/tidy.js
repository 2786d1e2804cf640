// Corrects what the calendar library has drawn.

// The library calls its boxes a table without making them one. What a listener needs
// is in the name of each appointment, so the false roles go.
const FALSE_ROLES = ["table", "rowgroup", "row", "columnheader", "rowheader", "cell", "gridcell"]
  .map((role) => `[role="${role}"]`)
  .join(",");

const FALSE_PLACES = ["aria-colindex", "aria-rowindex", "aria-colspan", "aria-colcount", "aria-rowcount"];

// Names of closed dates, beside the dates themselves.
export function nameHolidays(host, holidays) {
  host.querySelectorAll(".ec-col-head time[datetime], .ec-day-head time[datetime]").forEach((time) => {
    const name = holidays?.[time.dateTime.slice(0, 10)] ?? "";
    const head = time.parentElement;
    if ((head.dataset.holiday ?? "") !== name) head.dataset.holiday = name;
  });
}

// Runs `tidy` now and whenever the library has drawn something in `host`.
export function watched(host, tidy) {
  const strip = () => {
    host.querySelectorAll(FALSE_ROLES).forEach((box) => box.removeAttribute("role"));
    FALSE_PLACES.forEach((name) => {
      host.querySelectorAll(`[${name}]`).forEach((box) => box.removeAttribute(name));
    });
    tidy();
  };
  strip();
  const observer = new MutationObserver(strip);
  observer.observe(host, { childList: true, subtree: true });
  return observer;
}
