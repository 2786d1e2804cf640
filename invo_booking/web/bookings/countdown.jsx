// Seconds that run down. They are counted here, from what the server said was left,
// so that a wrong clock on the reader's computer does no harm.
import { useEffect, useRef, useState } from "react";

const two = (number) => String(number).padStart(2, "0");

function told(left) {
  const hours = Math.floor(left / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`;
}

function unit(left) {
  if (left >= 3600) return "hours to start";
  return left >= 60 ? "minutes to start" : "seconds to start";
}

export function Countdown({ seconds, stamp, plain, onDone }) {
  const [left, setLeft] = useState(seconds);
  const done = useRef(onDone);
  done.current = onDone;

  useEffect(() => {
    const end = performance.now() + seconds * 1000;
    setLeft(seconds);
    const timer = setInterval(() => {
      const rest = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      setLeft(rest);
      if (rest > 0) return;
      clearInterval(timer);
      done.current?.();
    }, 250);
    return () => clearInterval(timer);
  }, [stamp, seconds]);

  if (plain) return <span className="num" aria-hidden="true">{`${left} s`}</span>;
  return (
    <p className="clock" role="timer" aria-live="off">
      <b>{told(left)}</b>
      <span>{unit(left)}</span>
    </p>
  );
}
