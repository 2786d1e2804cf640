// Work a device does before it is served: in a worker, or in slices where there is none.
// No eval, no network but our own file: the page stays inside a strict content policy.
import { createElement as h, useEffect, useRef, useState } from "react";

const SLICE = 1000;
const SILENCE = 20000; // until work that tells nothing has failed
const REPEAT = 15000; // until a proof that was not answered is sent again

// `optional`: the page goes on without this program, so failed.js leaves it to us.
const loaded = (program) =>
  new Promise((done, fail) => {
    if (globalThis.invoProofOfWork) return done(globalThis.invoProofOfWork);
    const script = document.createElement("script");
    script.dataset.optional = "";
    script.src = program;
    script.onload = () => (globalThis.invoProofOfWork ? done(globalThis.invoProofOfWork) : fail());
    script.onerror = fail;
    return document.head.append(script);
  });

const inSlices = async (program, challenge, tell, hasEnded) => {
  const { search, share } = await loaded(program);
  for (let from = 0; !hasEnded(); from += SLICE) {
    const number = search(challenge, from, SLICE);
    tell(number >= 0 ? { number } : { share: share(challenge, from + SLICE) });
    if (number >= 0) return;
    await new Promise((next) => setTimeout(next));
  }
};

// Works in a worker, and on the page itself if that fails. Calls `tell` with how far it
// is, and `fail` once if neither works. Returns how to stop.
const work = (program, challenge, tell, fail) => {
  let ended = false;
  let worker;
  let silence;
  const stop = () => {
    ended = true;
    clearTimeout(silence);
    worker?.terminate();
  };
  const expect = (otherwise) => {
    clearTimeout(silence);
    silence = setTimeout(otherwise, SILENCE);
  };
  const giveUp = () => {
    if (ended) return;
    stop();
    fail();
  };
  const hear = (said, otherwise) => {
    if (ended) return;
    expect(otherwise);
    tell(said);
    if (said.number !== undefined) stop();
  };
  const alone = () => {
    if (ended) return;
    worker?.terminate();
    worker = undefined;
    expect(giveUp);
    inSlices(program, challenge, (said) => hear(said, giveUp), () => ended).catch(giveUp);
  };
  try {
    worker = new Worker(program);
    worker.onmessage = ({ data }) => worker && hear(data, alone);
    worker.onerror = alone;
    worker.postMessage(challenge);
    expect(alone);
  } catch {
    alone();
  }
  return stop;
};

// Sends a proof until the challenge is another one: the line may be lost on the way.
const sendUntilAnswered = (send) => {
  send();
  return setInterval(send, REPEAT);
};

function Failure({ tryAgain, again, children }) {
  return h(
    "div",
    { className: "effort" },
    h("div", { role: "alert" }, children),
    h("button", { type: "button", className: "btn primary", onClick: tryAgain }, again),
  );
}

// `attempt` grows with every press that waits for the work; `children` say that it failed.
export function ProofOfWork({ challenge, waiting, attempt, program, words, progress, again, onBegin, onSolved, children }) {
  const [done, setDone] = useState(0);
  const [failed, setFailed] = useState(false);
  const [turn, setTurn] = useState(0);
  const status = useRef(null);
  const solved = useRef(onSolved);
  solved.current = onSolved;
  useEffect(() => {
    onBegin?.();
  }, []);
  useEffect(() => {
    setDone(0);
    setFailed(false);
    if (!challenge) return undefined;
    let sending;
    const tell = ({ number, share }) => {
      if (number === undefined) setDone(share);
      else sending = sendUntilAnswered(() => solved.current?.(`${challenge}.${number}`));
    };
    const stop = work(program, challenge, tell, () => setFailed(true));
    return () => {
      clearInterval(sending);
      stop();
    };
  }, [challenge, turn]);
  useEffect(() => {
    if (waiting && failed) setTurn(turn + 1); // what failed unseen is tried once more
  }, [waiting, attempt]);
  const tryAgain = () => {
    status.current.focus(); // the button goes
    setTurn(turn + 1);
  };
  const works = waiting && !failed;
  return h(
    "div",
    { className: works ? "effort" : undefined },
    h("p", { ref: status, role: "status", tabIndex: -1 }, works ? words : ""),
    works ? h("progress", { max: 1, value: done, "aria-label": progress }) : null,
    waiting && failed ? h(Failure, { tryAgain, again }, children) : null,
  );
}
