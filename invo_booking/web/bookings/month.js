// Draws the month's events without measuring the grid for each of them.
//
// The library reads a height after each event that it puts in, which makes the browser lay
// the page out anew: a second of work for some hundreds of events. While the grid has no
// boxes there is nothing to lay out. It has them again before the browser paints, and is
// measured once, because its gap is another one.
const GAPS = [1, 1.001]; // pixels; nobody sees the difference

export function hideWhileDrawn(host, calendar) {
  if (host.style.display) return; // it is drawn twice before the browser paints
  const focused = host.contains(document.activeElement) ? document.activeElement : null;
  host.style.display = "none";
  requestAnimationFrame(() => {
    host.style.display = "";
    calendar.setOption("eventGap", GAPS.find((gap) => gap !== calendar.getOption("eventGap")));
    if (focused?.isConnected && document.activeElement === document.body) focused.focus({ preventScroll: true });
  });
}
