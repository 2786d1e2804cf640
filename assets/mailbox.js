// The demo's mailbox: new mails are put on top of the list, and nothing else moves.
const SECONDS = 3;

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

async function look() {
  const answer = await fetch(location.href).catch(() => null);
  if (answer?.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

setInterval(look, SECONDS * 1000);
