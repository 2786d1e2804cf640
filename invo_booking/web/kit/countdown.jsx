// A countdown that ticks in the browser on the server's clock. No eval, no network: the
// page stays inside a strict content policy.
import { createElement as h, useEffect, useRef, useState } from "react";

const UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

const split = (seconds) => {
  let left = Math.max(0, seconds);
  return UNITS.map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return [unit, count];
  });
};

const worded = (lang, unit, count) => {
  const parts = new Intl.NumberFormat(lang, {
    style: "unit",
    unit,
    unitDisplay: "long",
  }).formatToParts(count);
  const word = parts.find((part) => part.type === "unit");
  return [count, word ? word.value : unit];
};

const big = (lang, seconds) => {
  const parts = split(seconds);
  const shown = parts[0][1] > 0 ? parts : parts.slice(1);
  return shown.map(([unit, count]) => {
    const [number, word] = worded(lang, unit, count);
    return h("span", { key: unit }, h("b", null, number), " ", h("small", null, word));
  });
};

const line = (lang, seconds) => {
  const parts = split(seconds).filter(([, count]) => count > 0);
  const shown = parts.length ? parts.slice(0, 2) : [["second", 0]];
  return shown.map(([unit, count]) => worded(lang, unit, count).join(" ")).join(" ");
};

const spoken = (lang, seconds, said) => {
  const minutes = Math.ceil(seconds / 60);
  const due = seconds > 0 && (minutes === 10 || minutes === 1);
  return due ? `${said || window.word("countdown.starts_in")} ${worded(lang, "minute", minutes).join(" ")}.` : "";
};

const two = (number) => String(number).padStart(2, "0");

function figures(left) {
  const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor((left % 3600) / 60), left % 60];
  const unit = window.word(hours ? "countdown.hours" : minutes ? "countdown.minutes" : "countdown.seconds");
  return [
    h("b", { key: "left" }, hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`),
    h("span", { key: "unit" }, unit),
  ];
}

// Seconds left of so many, counted anew whenever the stamp changes; null at first.
function useLeft(seconds, stamp, onDone) {
  const [left, setLeft] = useState(null);
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => {
    const end = Date.now() + seconds * 1000;
    const tick = () => {
      const rest = Math.ceil((end - Date.now()) / 1000);
      setLeft(rest);
      if (rest > 0) return;
      clearInterval(ticking);
      done.current?.();
    };
    const ticking = setInterval(tick, 250);
    tick();
    return () => clearInterval(ticking);
  }, [stamp, seconds]);
  return left;
}

export function Countdown({ until, now, seconds, stamp, mode, prefix, said, labelledBy, onDone }) {
  const whole = until ? (Date.parse(until) - Date.parse(now)) / 1000 : seconds;
  const left = useLeft(whole, now ?? stamp, onDone);
  const lang = document.documentElement.lang || "en";
  const timer = { role: "timer", "aria-live": "off" };
  if (mode === "seconds") return h("span", { className: "num", "aria-hidden": "true" }, `${Math.max(0, left ?? seconds)} s`);
  if (mode === "figures") return h("p", { ...timer, className: "clock" }, figures(Math.max(0, left ?? seconds)));
  const words = (say) => (left === null ? "" : say(lang, left, said));
  const clock =
    mode === "line"
      ? h("p", { ...timer, className: "soon" }, prefix, " ", h("b", { className: "num" }, words(line)))
      : h(
          "p",
          { ...timer, className: left >= 86400 ? "clock days" : "clock", "aria-labelledby": labelledBy },
          words(big) || h("span", null, h("b", null, "\u2013")),
        );
  return h("div", null, clock, h("p", { className: "vh", role: "status" }, words(spoken)));
}
