// Says when the line to the server is lost, and when it is back. Without one a page
// looks alive and does nothing: so no button takes a press until then. Loaded before
// everything else, because it watches the page's own websocket.
(() => {
  const PATIENCE = 3000; // until it is asked why nothing came back
  const PROBE = 3000; // in which that is answered, if the line holds
  const GREETING = 8000; // in which a new line says its first word
  const GRACE = 1500; // in which a line may close and open again
  const FIRST = 8000; // in which a page gets its first line
  const THANKS = 6000; // how long it says that the line is back
  const QUESTION = '42/_event,["ping"]'; // answered at once, whatever else is under way
  const LOST = window.word("line.lost");
  const BACK = window.word("line.back");

  const open = new Set();
  let isLost = false;
  let isLeaving = false;
  let isWaiting = false; // for anything to come back since something was sent
  let closing = setTimeout(lose, FIRST);
  let missing, hiding, box;

  function say(words, kind) {
    clearTimeout(hiding);
    if (!box?.isConnected) {
      box = document.createElement("div");
      box.setAttribute("role", "alert");
      document.body.append(box);
    }
    box.className = `line-notice ${kind}`;
    box.textContent = words;
  }

  function lose() {
    if (isLost || isLeaving) return;
    isLost = true;
    say(LOST, "lost");
  }

  function regain() {
    isWaiting = false;
    clearTimeout(missing);
    if (!isLost || !navigator.onLine) return;
    isLost = false;
    say(BACK, "back");
    hiding = setTimeout(() => box.remove(), THANKS);
  }

  // A socket that hears nothing stays "open" for minutes: whoever holds it is told.
  function drop(socket, how = new CloseEvent("close")) {
    socket.close();
    socket.dispatchEvent(how);
  }

  function dropAll() {
    for (const socket of [...open]) drop(socket);
  }

  // Some presses have no answer, and some a slow one: so a silent line is asked.
  function miss() {
    for (const socket of open) socket.send(QUESTION);
    missing = setTimeout(() => {
      lose();
      dropAll();
    }, PROBE);
  }

  function ended(socket) {
    if (!open.delete(socket) || open.size) return;
    isWaiting = false;
    clearTimeout(missing);
    clearTimeout(closing);
    closing = setTimeout(lose, GRACE);
    // What closed the line on purpose, such as a download, leaves the page without one.
    setTimeout(() => open.size || document.dispatchEvent(new Event("visibilitychange")), GRACE / 3);
  }

  window.WebSocket = class extends WebSocket {
    constructor(...how) {
      super(...how);
      const greeted = setTimeout(() => drop(this, new Event("error")), GREETING);
      this.addEventListener("open", () => {
        open.add(this);
        clearTimeout(closing);
      });
      this.addEventListener("close", () => {
        clearTimeout(greeted);
        ended(this);
      });
      this.addEventListener("message", ({ data }) => {
        clearTimeout(greeted);
        isWaiting = false;
        clearTimeout(missing);
        if (String(data).startsWith("42")) regain();
      });
    }

    send(data) {
      super.send(data);
      if (isWaiting || !String(data).startsWith("42")) return;
      isWaiting = true;
      missing = setTimeout(miss, PATIENCE);
    }
  };

  function refuse(event) {
    const pressed = event.type === "submit" ? event.target : event.target.closest?.("button");
    if (!isLost || !pressed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say("", "lost");
    requestAnimationFrame(() => isLost && say(LOST, "lost"));
  }

  addEventListener("click", refuse, true);
  addEventListener("submit", refuse, true);
  addEventListener("offline", () => {
    lose();
    dropAll();
  });
  addEventListener("online", () => document.dispatchEvent(new Event("visibilitychange")));
  addEventListener("pagehide", () => (isLeaving = true));
  addEventListener("pageshow", () => (isLeaving = false));
})();
