// The starts of a day to choose from; closed ones can be reached too and say why.
import { useEffect, useId, useRef, useState } from "react";

// Where an arrow key leads; the list is drawn in rows of equal length.
function target(buttons, index, key) {
  const row = buttons.filter((one) => one.offsetTop === buttons[0].offsetTop).length;
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -row, ArrowDown: row }[key];
  if (key === "Home") return buttons[0];
  if (key === "End") return buttons.at(-1);
  return step ? (buttons[index + step] ?? buttons[index]) : null;
}

export function StartPicker({ starts, label, texts, onPick }) {
  const list = useRef(null);
  const id = useId();
  const [asked, setAsked] = useState("");
  const shown = starts.find((start) => start.key === asked && start.why);
  const stop = starts.find((start) => start.picked) ?? starts.find((start) => !start.why) ?? starts[0];

  useEffect(() => {
    const box = list.current;
    const picked = box?.querySelector("[data-stop=true]");
    if (picked) box.scrollTop = picked.offsetTop - box.offsetTop - box.clientHeight / 2;
  }, [stop?.key, starts.length]);

  const press = (event) => {
    const buttons = [...list.current.querySelectorAll("button")];
    const next = target(buttons, buttons.indexOf(event.target), event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  if (!starts.length) return null;
  return (
    <div className="starts" role="group" aria-label={label}>
      <ul ref={list} onKeyDown={press} onMouseLeave={() => setAsked("")}>
        {starts.map((start, index) => (
          <li key={start.key}>
            <button
              type="button"
              className="start"
              aria-pressed={start.picked}
              aria-disabled={Boolean(start.why)}
              aria-describedby={start.why ? `${id}-${index}` : undefined}
              data-stop={start === stop}
              tabIndex={start === stop ? 0 : -1}
              onFocus={() => setAsked(start.key)}
              onMouseEnter={() => setAsked(start.key)}
              onClick={() => (start.why ? setAsked(start.key) : onPick?.(start.key))}
            >
              {start.label}
            </button>
            {start.why && (
              <span id={`${id}-${index}`} className="vh">
                {texts.closed} {start.why}
              </span>
            )}
          </li>
        ))}
      </ul>
      <p className="startwhy" aria-hidden="true">
        {shown ? (
          <>
            <b>{texts.why.replace("{time}", shown.label)}</b> {shown.why}
          </>
        ) : (
          starts.some((start) => start.why) && texts.hint
        )}
      </p>
    </div>
  );
}
