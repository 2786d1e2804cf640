// An agent's own calendars: which are signed in to, how they are shown, and their events.
//
// Events are in the memory of this page only. The ids of sign-ins and the options are in
// this browser's storage, by person; the sign-ins themselves are cookies no script reads.
import { useSyncExternalStore } from "react";
import { forget, keep, recall, recallFields } from "../../browser/storage.js";

const GRANT = /^[\w-]{22}$/;
const REPLACES = "invo.personal.replaces";
const REOPENS = "invo.personal.reopens";
const OVER = ["sign_in_again", "not_found"]; // codes after which trying again is of no use
const PATIENCE = 250; // in which other calendars may answer, so that all are drawn at once
export const COLORS = ["gray", "blue", "green", "orange", "purple"];

let place = null; // what the page shows, and the words for it
let grants = [];
let isWarning = false; // whether booking over an own event is warned of
let answers = new Map(); // by question
const accounts = new Map(); // calendars by grant
const ended = new Set(); // grants to sign in to again
let trouble = ""; // why the last press failed
let retry = null; // how to do again what failed
let note = ""; // what became of the last press, if there is more to do
let isOpen = false; // whether the panel is; it stays so from one week to the next
let drop = null; // where an appointment was just dropped, and where it was before
let adopting = ""; // the sign-in that is being taken over
const listeners = new Set();
let answered = 0; // rises with every answer
let awaited = 0; // questions without an answer
let patience; // until what has been answered is drawn
let snapshot = { grants, events: [], notices: [], accounts, trouble, retry, note, isWarning, place, answered, isOpen, dropped: [] };

const key = () => `invo.personal.${place.person}`;
const labelOf = (grant) => place.texts[grant.provider];

async function send(address, body) {
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}) };
  try {
    const answer = await fetch(`/relay/${address}`, body === undefined ? { cache: "no-store" } : post);
    const told = await answer.json();
    return answer.ok ? told : { problem: told.detail ?? place.texts.failed, code: told.code ?? "" };
  } catch {
    return { problem: place.texts.offline, code: "offline" };
  }
}

function publish() {
  clearTimeout(patience);
  patience = undefined;
  const events = unlessSame(place ? drawnEvents() : []);
  const dropped = drop ? clashes(drop, drop.before) : [];
  const told = place ? notices() : [];
  snapshot = { grants, events, notices: told, accounts, trouble, retry, note, isWarning, place, answered, isOpen, dropped };
  listeners.forEach((listener) => listener());
}

// Draws all answers at once, unless some of them are slow: the grid measures every event.
function publishSoon() {
  if (awaited === 0) publish();
  else patience ??= setTimeout(publish, PATIENCE);
}

// The same list, so that the grid is not drawn again, where nothing in it has changed.
function unlessSame(events) {
  return JSON.stringify(events) === JSON.stringify(snapshot.events) ? snapshot.events : events;
}

// Says why a press failed, and how to do it again; without arguments, that it did not fail.
function tellTrouble(words = "", again = null) {
  trouble = words;
  retry = again;
  note = "";
}

export function dismiss() {
  tellTrouble();
  publish();
}

function save() {
  const isKept = keep("localStorage", key(), JSON.stringify({ grants, isWarning }));
  if (!isKept) trouble ||= place.texts.unkept;
}

function load() {
  const kept = recallFields("localStorage", key());
  const known = Array.isArray(kept.grants) ? kept.grants : [];
  grants = known.filter((one) => GRANT.test(one?.id) && place.texts[one.provider]);
  isWarning = kept.isWarning === true;
}

const isShown = (grant) => place.scope === "me" || grant.isOnTeam;

function question(grant, first = place.first, past = place.past) {
  const chosen = grant.calendars?.length ? `&calendars=${grant.calendars.join(",")}` : "";
  return `${grant.id}/events?from=${first}&to=${past}${chosen}`;
}

// Asks each calendar once for each range, all of them at the same time.
function askAll() {
  if (place.is_for_warnings && !isWarning) return;
  grants.filter((grant) => isShown(grant) && !ended.has(grant.id)).forEach((grant) => askOnce(grant, question(grant)));
}

async function askOnce(grant, asked) {
  if (answers.has(asked)) return;
  answers.set(asked, {});
  awaited += 1;
  const told = await send(asked);
  awaited -= 1;
  if (told.code === "sign_in_again") ended.add(grant.id);
  answers.set(asked, told);
  answered += 1;
  publishSoon();
}

// Says what the page shows; called whenever that changes.
export function showPlace(next) {
  const before = place;
  if (JSON.stringify(before) === JSON.stringify(next)) return;
  place = next;
  drop = null;
  if (before?.person !== next.person) {
    answers = new Map();
    load();
  }
  for (const [asked, told] of answers) if (told.problem) answers.delete(asked);
  askAll();
  publish();
  adopt();
}

// Takes over the sign-in with which the browser came back from a provider. It stays in the
// address meanwhile, so that a page that is loaded again tries again.
function adopt() {
  const [name, id] = window.location.hash.slice(1).split("=");
  if (name !== "personal" || !GRANT.test(id ?? "") || id === adopting) return;
  adopting = id;
  takeOver(id);
}

async function takeOver(id) {
  const told = await send(`${id}/account`);
  if (told.problem && !OVER.includes(told.code)) tellTrouble(told.problem, () => takeOver(id));
  else finishSignIn(id, told);
  publish();
}

function finishSignIn(id, told) {
  window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
  const replaced = recall("sessionStorage", REPLACES);
  isOpen = recall("sessionStorage", REOPENS) === "true";
  forget("sessionStorage", REPLACES);
  forget("sessionStorage", REOPENS);
  tellTrouble(told.problem);
  if (told.problem) return;
  accounts.set(id, told.calendars);
  const isSame = (one) => one.provider === told.provider && (one.id === replaced || one.account === told.account);
  const known = grants.find(isSame);
  const fresh = { isOnTeam: false, isRecurring: false, color: COLORS[(grants.length + 1) % COLORS.length] };
  const taken = { ...(known ?? fresh), id, provider: told.provider, account: told.account, calendars: [] };
  grants = known ? grants.map((one) => (one === known ? taken : one)) : [...grants, taken];
  save();
  askAll();
}

// Opens or closes the panel.
export function showPanel(isShown) {
  isOpen = isShown;
  publish();
}

// Keeps where an appointment was dropped; own events there are told above the calendar.
export function noteDrop(span, before) {
  drop = span ? { ...span, before } : null;
  publish();
}

export async function signIn(provider, replaced = "") {
  const told = await send("sign-in", { provider });
  if (!told.address?.startsWith("https://")) {
    tellTrouble(told.problem ?? place.texts.failed);
    publish();
    return;
  }
  keep("sessionStorage", REPLACES, replaced);
  keep("sessionStorage", REOPENS, isOpen);
  window.location.assign(told.address);
}

export async function signOut(id) {
  const told = await send(`${id}/sign-out`, {});
  tellTrouble(told.problem);
  if (!told.problem) {
    const left = grants.find((grant) => grant.id === id);
    if (left && !told.is_revoked) note = place.texts[told.is_shared ? "shared" : "unrevoked"].replace("{label}", labelOf(left));
    grants = grants.filter((grant) => grant.id !== id);
    ended.delete(id);
    accounts.delete(id);
    for (const asked of answers.keys()) if (asked.startsWith(id)) answers.delete(asked);
    save();
  }
  publish();
}

export function change(id, options) {
  grants = grants.map((grant) => (grant.id === id ? { ...grant, ...options } : grant));
  save();
  askAll();
  publish();
}

export function warn(isOn) {
  isWarning = isOn;
  save();
  publish();
}

export async function listCalendars(id) {
  if (accounts.has(id) || ended.has(id)) return;
  accounts.set(id, []);
  const told = await send(`${id}/account`);
  if (told.code === "sign_in_again") ended.add(id);
  if (told.problem) accounts.delete(id);
  else accounts.set(id, told.calendars);
  publish();
}

export function readAgain(id) {
  for (const asked of answers.keys()) if (asked.startsWith(id)) answers.delete(asked);
  askAll();
  publish();
}

function notices() {
  return grants.filter(isShown).flatMap((grant) => {
    const label = labelOf(grant);
    if (ended.has(grant.id)) return [{ grant, text: place.texts.ended.replace("{label}", label), isOver: true }];
    const told = answers.get(question(grant)) ?? {};
    if (told.problem) return [{ grant, text: told.problem }];
    if (told.unreadable) return [{ grant, text: place.texts.unreadable.replace("{label}", label) }];
    return told.is_complete === false ? [{ grant, text: place.texts.incomplete.replace("{label}", label) }] : [];
  });
}

function eventsOf(grant, asked) {
  const told = answers.get(asked)?.events ?? [];
  return told.filter((event) => grant.isRecurring || !event.is_recurring);
}

function drawnEvents() {
  return grants
    .filter((grant) => isShown(grant) && !ended.has(grant.id))
    .flatMap((grant) => eventsOf(grant, question(grant)).map((event, number) => drawn(grant, event, number)));
}

const clock = (wall) => wall.slice(11).replace(/^0/, "");
const addDays = (day, days) => new Date(Date.parse(`${day}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

// An event for the grid and the list. What lasts a day or longer is in the row of days.
function drawn(grant, event, number) {
  const { texts } = place;
  const minutes = (Date.parse(`${event.end}Z`) - Date.parse(`${event.start}Z`)) / 60_000;
  const isAllDay = event.is_all_day || minutes >= 1_440;
  const past = event.is_all_day || event.end.endsWith("T00:00") ? event.end.slice(0, 10) : addDays(event.end.slice(0, 10), 1);
  const title = event.is_private ? texts.private : event.title || texts.untitled;
  const time = event.is_all_day ? texts.allDay : `${clock(event.start)}\u2013${clock(event.end)}`;
  const label = labelOf(grant);
  return {
    id: `own ${grant.id} ${number}`,
    isPersonal: true,
    isAllDay,
    start: isAllDay ? `${event.start.slice(0, 10)}T00:00` : event.start,
    end: isAllDay ? `${past}T00:00` : event.end,
    minutes,
    title,
    time,
    at: event.is_all_day ? texts.allDay : clock(event.start),
    until: event.is_all_day ? "" : clock(event.end),
    label,
    mark: label[0],
    link: event.link,
    kind: `is-own own-${COLORS.includes(grant.color) ? grant.color : COLORS[0]}`,
    full: [title, time, texts.yours.replace("{label}", label), event.link ? texts.opens : ""].filter(Boolean).join(", "),
  };
}

// The own events that overlap a span of wall times, recurring ones too, if the agent wants
// to be warned of them. Asks for its days, unless the page shows them. What is exactly
// where the appointment was is its own copy in the agent's calendar.
export function clashes({ start, end }, before = null) {
  if (!isWarning) return [];
  const [day, past] = [start.slice(0, 10), addDays(end.slice(0, 10), 1)];
  return grants
    .filter((grant) => !ended.has(grant.id))
    .flatMap((grant) => {
      const isOnPage = isShown(grant) && place.first <= day && past <= place.past;
      const asked = isOnPage ? question(grant) : question(grant, day, past);
      askOnce(grant, asked);
      return (answers.get(asked)?.events ?? []).map((event, number) => drawn(grant, event, number));
    })
    .filter((event) => !event.isAllDay && event.start < end && start < event.end)
    .filter((event) => event.start !== before?.start || event.end !== before?.end);
}

// What is said of own events at a time, with the catalogue's words.
export function clashText(words, events) {
  const named = events.map((event) => `${event.title}, ${event.time}`);
  return words.replace("{events}", [...new Set(named)].join("; "));
}

export function openEvent(event) {
  if (event.link) window.open(event.link, "_blank", "noopener,noreferrer");
}

const subscribe = (listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const usePersonal = () => useSyncExternalStore(subscribe, () => snapshot, () => snapshot);
