// Draws the month's events without measuring the grid for each of them.
//
// The library reads a height after each event that it puts in, which makes the browser
// compute styles and lay the page out anew: seconds of work for some hundreds of events.
// What is not in the document is not measured. The grid is back before the browser paints,
// and is measured once, because its gap is another one.
const GAPS = [1, 1.001]; // pixels; nobody sees the difference

export function drawApart(host, calendar) {
  const grid = host.firstElementChild;
  if (!grid) return; // it is drawn twice before the browser paints
  const focused = host.contains(document.activeElement) ? document.activeElement : null;
  const frame = grid.querySelector(".ec-main");
  const scrolled = frame?.scrollTop;
  grid.remove();
  requestAnimationFrame(() => {
    host.append(grid);
    calendar.setOption("eventGap", GAPS.find((gap) => gap !== calendar.getOption("eventGap")));
    if (scrolled) frame.scrollTo(0, scrolled); // nothing happens where another view has replaced it
    if (focused?.isConnected && document.activeElement === document.body) focused.focus({ preventScroll: true });
  });
}
