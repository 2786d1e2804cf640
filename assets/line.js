// Says when the line to the server is lost, and when it is back. Without one a page
// looks alive and does nothing: so no button takes a press until then, except in what the
// server wrote (#served), whose forms need no line. Loaded before everything else,
// because it watches the page's own websocket. A server that is about to end asks its
// pages to reconnect; a server of another version says that this page is outdated.
(() => {
  const PATIENCE = 3000; // until it is asked why nothing came back
  const PROBE = 3000; // in which that is answered, if the line holds
  const GREETING = 8000; // in which a new line says its first word
  const GRACE = 1500; // in which a line may close and open again
  const FIRST = 8000; // in which a page gets its first line
  const SLOW = 2000; // since it first asked for one, until it says that it still waits
  const THANKS = 6000; // how long it says that the line is back
  const QUESTION = '42/_event,["ping"]'; // answered at once, whatever else is under way
  const RECONNECT = '42/_event,["reconnect"';
  const OUTDATED = '42/_event,["outdated"';
  const LOST = window.word("line.lost");
  const BACK = window.word("line.back");
  const WAITING = window.word("line.waiting");
  const SERVED = window.word("line.served");

  const open = new Set();
  const chosen = new WeakMap(); // of each list to choose from, when the line was lost
  let isLost = false;
  let isLeaving = false;
  let isWaiting = false; // for anything to come back since something was sent
  let closing = setTimeout(lose, FIRST);
  let mustReconnect = false; // once nothing is under way
  let missing, hiding, asking, box;

  const isServed = () => document.getElementById("served") !== null;

  function lostWords() {
    if (isServed()) return SERVED;
    const phone = document.querySelector(".public .foot[data-phone]")?.dataset.phone;
    return phone ? `${LOST} ${window.word("line.call", { phone })}` : LOST;
  }

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

  // Stays until the page is loaded again: what was typed on it is its reader's to save.
  function tellOutdated() {
    if (document.querySelector(".line-notice.outdated")) return;
    const notice = document.createElement("div");
    const button = document.createElement("button");
    notice.className = "line-notice outdated";
    notice.setAttribute("role", "alert");
    button.type = "button";
    button.textContent = window.word("line.reload");
    button.addEventListener("click", () => location.reload());
    notice.append(window.word("line.outdated"), " ", button);
    document.body.append(notice);
  }

  function lose() {
    if (isLost || isLeaving) return;
    isLost = true;
    clearTimeout(asking);
    document.documentElement.dataset.line = "lost";
    document.querySelectorAll("select").forEach((list) => chosen.set(list, list.value));
    say(lostWords(), "lost");
  }

  // Since the first try, until there is a line or none is expected any more.
  function ask() {
    asking ??= setTimeout(() => isLost || isLeaving || say(isServed() ? SERVED : WAITING, "waits"), SLOW);
  }

  function connected() {
    clearTimeout(asking);
    if (!isLost && box?.classList.contains("waits")) box.remove();
  }

  function regain() {
    isWaiting = false;
    clearTimeout(missing);
    if (!isLost || !navigator.onLine) return;
    isLost = false;
    delete document.documentElement.dataset.line;
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

  function reconnect() {
    if (!mustReconnect || isWaiting) return;
    mustReconnect = false;
    dropAll();
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
      ask();
      const greeted = setTimeout(() => drop(this, new Event("error")), GREETING);
      this.addEventListener("open", () => {
        open.add(this);
        clearTimeout(closing);
        connected();
      });
      this.addEventListener("close", () => {
        clearTimeout(greeted);
        ended(this);
      });
      this.addEventListener("message", ({ data }) => {
        clearTimeout(greeted);
        if (String(data).startsWith(RECONNECT)) mustReconnect = true;
        else {
          isWaiting = false;
          clearTimeout(missing);
        }
        if (String(data).startsWith(OUTDATED)) tellOutdated();
        else if (String(data).startsWith("42")) regain();
        setTimeout(reconnect);
      });
    }

    send(data) {
      super.send(data);
      if (isWaiting || !String(data).startsWith("42")) return;
      isWaiting = true;
      missing = setTimeout(miss, PATIENCE);
    }
  };

  // Presses, drags and keys would wait for the line and be obeyed minutes later. Scripts
  // that answer something else than a press ask here first.
  window.refuseWithoutLine = () => {
    if (!isLost) return false;
    say("", "lost");
    requestAnimationFrame(() => isLost && say(lostWords(), "lost"));
    return true;
  };

  const PRESSED = "button, input:is([type=checkbox], [type=radio])";
  const HERE = "#served, .line-notice"; // what needs no line

  function refuse(event) {
    const pressed = event.type === "submit" ? event.target : event.target.closest?.(PRESSED);
    if (!pressed || pressed.closest(HERE) || !window.refuseWithoutLine()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // A list to choose from has changed before it can be refused: it is set back.
  function refuseChoice(event) {
    const list = event.target;
    if (!chosen.has(list) || list.closest(HERE) || !window.refuseWithoutLine()) return;
    event.stopImmediatePropagation();
    list.value = chosen.get(list);
  }

  addEventListener("input", refuseChoice, true);
  addEventListener("change", refuseChoice, true);
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
