// Work a device does before it is served: in a worker, or in slices where there is none.
// No eval, no network but our own file: the page stays inside a strict content policy.
import { createElement as h, useEffect, useRef, useState } from "react";

const SLICE = 1000;
const WORDS =
  "Many requests come from where you are, so your device does a little work first. " +
  "This takes a few seconds; then we go on by ourselves.";

const loaded = (program) =>
  new Promise((done, fail) => {
    if (globalThis.invoProofOfWork) return done(globalThis.invoProofOfWork);
    const script = document.createElement("script");
    script.src = program;
    script.onload = () => done(globalThis.invoProofOfWork);
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

const work = (program, challenge, tell) => {
  let ended = false;
  let worker;
  const alone = () => inSlices(program, challenge, tell, () => ended).catch(() => undefined);
  try {
    worker = new Worker(program);
    worker.onmessage = ({ data }) => tell(data);
    worker.onerror = () => {
      worker.terminate();
      alone();
    };
    worker.postMessage(challenge);
  } catch {
    alone();
  }
  return () => {
    ended = true;
    worker?.terminate();
  };
};

export function ProofOfWork({ challenge, waiting, program, onBegin, onSolved }) {
  const [done, setDone] = useState(0);
  const solved = useRef(onSolved);
  solved.current = onSolved;
  useEffect(() => {
    onBegin?.();
  }, []);
  useEffect(() => {
    setDone(0);
    if (!challenge) return undefined;
    return work(program, challenge, ({ number, share }) => {
      if (number === undefined) setDone(share);
      else solved.current?.(`${challenge}.${number}`);
    });
  }, [challenge]);
  const bar = h("progress", { max: 1, value: done, "aria-label": "Work done" });
  return h(
    "div",
    { className: waiting ? "effort" : undefined },
    h("p", { role: "status" }, waiting ? WORDS : ""),
    waiting ? bar : null,
  );
}
