// In the place of what could not be drawn: nothing, but failed.js is told to speak.
import { useEffect } from "react";

export function Failed() {
  useEffect(() => {
    dispatchEvent(new Event("invo:failed"));
  }, []);
  return null;
}
