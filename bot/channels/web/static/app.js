// SPDX-License-Identifier: EUPL-1.2
/** The page of the chat: brings the conversation, the composer and the connection together. */

import { Composer } from "./composer.js";
import { ask, byId, disclosure, toast } from "./dom.js";
import { get, Link, post, Refused } from "./link.js";
import { Log } from "./log.js";
import { newId, Outbox } from "./outbox.js";
import { t, useLanguage } from "./words.js";

const setup = JSON.parse(byId("setup").textContent);
const title = document.title;
const TAP_SECONDS = 20;
const TYPING_SECONDS = 6;

let unread = 0;
let readUpTo = 0;
let taps = new Map();
let typingTimer = 0;
let lostTimer = 0;

useLanguage({ code: setup.language, direction: setup.direction, texts: setup.texts });

const log = new Log({ press, command: (text) => send({ client_id: newId(), text }), view }, markRead);
const outbox = new Outbox({ onChange: showSending });
const composer = new Composer(send);
const link = new Link({ onFrame: receive, onState: showState });

// What the person sends

function send(item) {
  outbox.add(item);
}

function showSending(item, state, reason) {
  if (item.silent) return;
  const now = Math.floor(Date.now() / 1000);
  const message = { mine: true, date: now, lines: lines(item.text) };
  if (item.group) message.group = item.group;
  if (item.place) message.location = item.place;
  if (item.url) message.photo = { url: item.url, width: item.width, height: item.height };
  else if (item.voice) message.voice = { url: URL.createObjectURL(item.blob) };
  else if (item.blob) message.document = { name: item.name, size: item.blob.size };
  const permanent = ["too_long", "wrong_type", "bad_picture", "too_big", "gone", "quota"].includes(reason);
  log.waiting(item, message, state, reason, permanent ? null : () => outbox.retry(item));
}

const lines = (text) => (text ? text.split("\n").map((line) => ({ spans: line ? [{ text: line }] : [] })) : []);

async function press(message, button, element) {
  if (element.classList.contains("working")) return;
  element.classList.add("working");
  element.setAttribute("aria-disabled", "true");
  byId("announce").textContent = t("working");
  const done = () => {
    element.classList.remove("working");
    element.removeAttribute("aria-disabled");
    byId("announce").textContent = "";
  };
  const timer = setTimeout(done, TAP_SECONDS * 1000);
  try {
    const { query } = await post("/chat/callbacks", { client_id: newId(), message_id: message.id, data: button.data });
    const early = taps.get(query);
    const over = () => {
      clearTimeout(timer);
      done();
    };
    if (early === "over") over();
    else taps.set(query, over);
  } catch (error) {
    clearTimeout(timer);
    done();
    toast(t(`error_${error instanceof Refused ? error.code : "network"}`));
  }
}

// What comes in

function receive(frame) {
  if (frame.type === "events") frame.events.forEach(happened);
  else if (frame.type === "reset") load();
  else if (frame.type === "typing") showTyping(true);
  else if (frame.type === "answered") answered(frame);
  else if (frame.type === "read") {
    readUpTo = Math.max(readUpTo, frame.sequence);
    showUnread(0);
  }
}

function happened(event) {
  link.seen(event.sequence);
  switch (event.kind) {
    case "message":
      arrived(event.message);
      break;
    case "edit":
      log.show(event.message);
      break;
    case "delete":
      log.drop(event.id);
      break;
    case "keyboard":
      composer.keyboard(event.keyboard);
      break;
    case "language":
      speak(event.language);
      break;
    default:
      load();
  }
}

function arrived(message) {
  if (message.client_id) outbox.arrived(message.client_id);
  if (!message.mine) showTyping(false);
  const inView = log.show(message);
  if (!message.mine && !message.hidden) {
    if (document.visibilityState === "visible" && inView) markRead();
    else showUnread(unread + 1);
  }
}

function answered({ query, text, alert }) {
  const over = taps.get(query);
  if (typeof over === "function") {
    over();
    taps.delete(query);
  } else {
    taps.set(query, "over");
  }
  if (!text) return;
  if (alert) ask({ title: "", text, yes: t("close") });
  else toast(text);
}

function speak(language) {
  useLanguage(language);
  composer.commands(language.commands);
  log.translate();
}

function showTyping(shown) {
  clearTimeout(typingTimer);
  const box = byId("typing");
  box.classList.toggle("shown", shown);
  box.textContent = shown ? t("typing") : "";
  if (shown) typingTimer = setTimeout(() => showTyping(false), TYPING_SECONDS * 1000);
}

function showState(state) {
  clearTimeout(lostTimer);
  const line = byId("link-state");
  if (state === "online") {
    line.textContent = "";
    outbox.flush();
    return;
  }
  // A short gap is nobody's worry.
  lostTimer = setTimeout(() => (line.textContent = t("lost")), navigator.onLine ? 1500 : 0);
}

// What was read

function showUnread(count) {
  unread = count;
  document.title = count ? `(${count}) ${title}` : title;
}

function markRead() {
  if (document.visibilityState !== "visible") return;
  showUnread(0);
  const last = log.last;
  if (last <= readUpTo) return;
  readUpTo = last;
  post("/chat/read", { sequence: last }).catch(() => {});
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && log.atEnd) markRead();
});

// The rest of the page

function view(source, label) {
  const image = byId("viewer-image");
  image.src = source;
  image.alt = label;
  byId("viewer").setAttribute("aria-label", label);
  byId("viewer").showModal();
}

byId("viewer-close").addEventListener("click", () => byId("viewer").close());
byId("viewer").addEventListener("click", (event) => {
  if (event.target === event.currentTarget) event.currentTarget.close();
});
disclosure(byId("more"), byId("more-list"));
byId("print").addEventListener("click", () => print());
byId("window").parentElement.hidden = !setup.embedded;
byId("leave").addEventListener("click", async () => {
  if (!(await ask({ title: t("leave"), text: t("leave_text"), yes: t("leave_yes"), no: t("cancel") }))) return;
  try {
    await post("/chat/leave", {});
    sessionStorage.clear();
    location.reload();
  } catch {
    toast(t("error_refused"));
  }
});
addEventListener("beforeunload", (event) => {
  if (outbox.waiting) event.preventDefault();
});

/** Send what opens the conversation, once: an invitation from the address, or a plain start. */
function begin(sequence, empty) {
  const url = new URL(location.href);
  const token = url.searchParams.get("start") ?? "";
  if (/^[A-Za-z0-9_-]{1,64}$/.test(token)) {
    outbox.add({ client_id: `start-${token}`, text: `/start ${token}`, silent: true });
  } else if (empty) {
    outbox.add({ client_id: `start-${sequence}`, text: "/start", silent: true });
  }
  url.searchParams.delete("start");
  history.replaceState(null, "", url);
}

async function load() {
  link.stop();
  byId("link-state").textContent = "";
  let state;
  try {
    const language = new URL(location.href).searchParams.get("language");
    state = await get(`/chat/state${language ? `?language=${encodeURIComponent(language)}` : ""}`);
  } catch (error) {
    byId("link-state").textContent = error instanceof Refused ? t(`error_${error.code}`) : t("lost");
    if (!(error instanceof Refused) || error.status === 429) setTimeout(load, 3000);
    return;
  }
  readUpTo = state.read;
  composer.limit = state.upload_bytes;
  useLanguage(state.language);
  composer.commands(state.language.commands);
  composer.keyboard(state.keyboard);
  log.fill(state.messages, state.more, state.unread);
  for (const message of state.messages) if (message.client_id) outbox.arrived(message.client_id);
  showUnread(state.unread);
  link.start(state.sequence);
  begin(state.sequence, state.messages.length === 0);
  if (log.atEnd) markRead();
}

for (const item of outbox.restore()) showSending(item, "waiting", "network");
await load();
outbox.flush();
composer.focus();
