// A countdown that ticks in the browser on the server's clock. No eval, no network: the
// page stays inside a strict content policy.
import { createElement as h, useEffect, useState } from "react";

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
  return due ? `${said || "Your appointment starts in"} ${worded(lang, "minute", minutes).join(" ")}.` : "";
};

export function Countdown({ until, now, mode, prefix, said, labelledBy }) {
  const [at, setAt] = useState(null);
  useEffect(() => {
    const ahead = Date.parse(now) - Date.now();
    const tick = () => setAt(Date.now() + ahead);
    tick();
    const ticking = setInterval(tick, 1000);
    return () => clearInterval(ticking);
  }, [now]);
  const lang = document.documentElement.lang || "en";
  const seconds = at === null ? null : Math.ceil((Date.parse(until) - at) / 1000);
  const days = seconds !== null && seconds >= 86400;
  const timer = { role: "timer", "aria-live": "off" };
  const clock =
    mode === "line"
      ? h("p", { ...timer, className: "soon" }, prefix, " ", h("b", { className: "num" }, seconds === null ? "" : line(lang, seconds)))
      : h("p", { ...timer, className: days ? "clock days" : "clock", "aria-labelledby": labelledBy }, seconds === null ? h("span", null, h("b", null, "\u2013")) : big(lang, seconds));
  return h(
    "div",
    null,
    clock,
    h("p", { className: "hidden", role: "status" }, seconds === null ? "" : spoken(lang, seconds, said)),
  );
}
