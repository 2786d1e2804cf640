// The demo's mailbox: new mails are put on top of the list, and nothing else moves. While
// it cannot be read, it says so.
const SECONDS = 3;
const notice = document.querySelector("#unread");

const mailsOf = (page) => [...page.querySelectorAll(".mails > li")];
const address = (mail) => mail.querySelector("a").getAttribute("href");

function show(found) {
  const known = new Set(mailsOf(document).map(address));
  const fresh = mailsOf(found).filter((mail) => !known.has(address(mail)));
  if (!fresh.length) return;
  const list = document.querySelector(".mails");
  if (list) list.prepend(...fresh);
  else document.querySelector("#mails").replaceChildren(found.querySelector(".mails"));
  document.title = found.title;
}

async function read() {
  const answer = await fetch(location.href, { signal: AbortSignal.timeout(SECONDS * 3000) });
  if (!answer.ok) throw new Error(answer.statusText);
  show(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

const look = () =>
  read().then(
    () => notice.replaceChildren(),
    () => notice.textContent || notice.append(notice.dataset.text),
  );

setInterval(look, SECONDS * 1000);
