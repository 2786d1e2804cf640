// Tells whether an element is on the screen or was before. A phone shows appointments as
// a list and a desk as a grid; only what is shown is worth drawing.
import { useLayoutEffect, useState } from "react";

export function useShown(element) {
  const [isShown, setShown] = useState(false);
  useLayoutEffect(() => {
    const look = () => setShown((wasShown) => wasShown || element.current.getClientRects().length > 0);
    look();
    const observer = new ResizeObserver(look); // also tells when a hidden element is shown
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return isShown;
}
