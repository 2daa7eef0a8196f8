// SPDX-License-Identifier: EUPL-1.2
/** The conversation: messages in order, days, what is new, and earlier pages when one scrolls up. */

import { byId, el } from "./dom.js";
import { get } from "./link.js";
import { messageElement, redraw } from "./message.js";
import { day, t } from "./words.js";

const NEAR = 120;

export class Log {
  #messages = new Map();
  #waiting = new Map();
  #more = false;
  #loading = false;
  #unseen = 0;
  #newLine = null;

  /** `actions` are for the messages; `onRead` is called when the person sees the end of the conversation. */
  constructor(actions, onRead) {
    this.actions = actions;
    this.onRead = onRead;
    this.box = byId("log");
    this.column = byId("messages");
    this.box.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    for (const kind of ["wheel", "touchmove", "keydown"]) {
      this.box.addEventListener(kind, () => this.#byHand(), { passive: true });
    }
    byId("down").addEventListener("click", () => {
      this.toEnd();
      this.box.focus({ preventScroll: true });
    });
    new ResizeObserver(() => this.#stick && this.toEnd(false)).observe(this.box);
  }

  #stick = true;
  #moving = 0;

  get last() {
    return Math.max(0, ...this.#messages.keys());
  }

  get empty() {
    return this.#messages.size === 0;
  }

  /** Show a whole conversation, with a line before the first of the `unread` newest messages of the bot. */
  fill(messages, more, unread) {
    this.box.setAttribute("aria-busy", "true");
    this.#messages.clear();
    this.#newLine = null;
    this.#more = more;
    const waiting = [...this.#waiting.values()];
    this.column.replaceChildren();
    for (const message of messages) this.#put(message);
    const unreadOnes = messages.filter((message) => !message.mine).slice(-unread);
    if (unread && unreadOnes.length && unreadOnes.length < messages.filter((m) => !m.mine).length) {
      this.#newLine = el("p", { class: "new-line" }, el("span", {}, t("new")));
      this.#element(unreadOnes[0].id)?.before(this.#newLine);
    }
    this.column.append(...waiting);
    this.#days();
    if (this.#newLine) this.#newLine.scrollIntoView({ block: "start" });
    else this.toEnd(false);
    requestAnimationFrame(() => this.box.setAttribute("aria-busy", "false"));
  }

  /** Add or change a message. Returns whether it was brought into view. */
  show(message) {
    const known = this.#messages.get(message.id);
    if (message.hidden) {
      this.#messages.set(message.id, { message, element: null });
      return false;
    }
    if (known?.element) {
      known.message = message;
      redraw(known.element, message, this.actions);
      return false;
    }
    this.#waiting.get(message.client_id)?.remove();
    this.#waiting.delete(message.client_id);
    const following = this.#stick || message.mine;
    const element = this.#put(message);
    this.#days();
    if (following) this.#reveal(element);
    else this.#count(1);
    return following;
  }

  /** Remove a message. The focus goes to the one before it. */
  drop(id) {
    const known = this.#messages.get(id);
    this.#messages.delete(id);
    if (!known?.element) return;
    const before = known.element.previousElementSibling;
    if (known.element.contains(document.activeElement)) (before?.matches(".message") ? before : this.box).focus();
    known.element.remove();
    this.#days();
  }

  /** Show what is being sent. `state` is sending, waiting, sent or refused. */
  waiting(item, message, state, reason, retry) {
    let element = this.#waiting.get(item.client_id);
    if (!element) {
      if ([...this.#messages.values()].some((known) => known.message.client_id === item.client_id)) return;
      element = messageElement({ ...message, client_id: item.client_id }, this.actions);
      this.#waiting.set(item.client_id, element);
      this.column.append(element);
      this.#days();
      this.toEnd();
    }
    element.classList.toggle("refused", state === "refused");
    element.classList.toggle("sending", state !== "refused");
    element.querySelector(".sending-state")?.remove();
    const words = { sending: t("sending"), sent: t("sending"), waiting: reason === "too_fast" ? t("error_too_fast") : t("waiting"), refused: t("not_sent") };
    const line = el("p", { class: "sending-state" }, words[state]);
    if (state === "refused") {
      line.append(". ", t(`error_${reason}`) === `error_${reason}` ? t("error_refused") : t(`error_${reason}`));
      if (retry) line.append(" ", el("button", { type: "button", class: "plain", onclick: retry }, t("retry")));
      line.append(" ", el("button", { type: "button", class: "plain", onclick: () => this.#abandon(item) }, t("cancel")));
      line.setAttribute("role", "alert");
    }
    element.append(line);
    if (this.#stick) this.toEnd();
  }

  #abandon(item) {
    this.#waiting.get(item.client_id)?.remove();
    this.#waiting.delete(item.client_id);
    byId("text").focus();
  }

  /** Draw everything anew, because the language is another one. */
  translate() {
    for (const { message, element } of this.#messages.values()) {
      if (element) redraw(element, message, this.actions);
      element?.classList.remove("changed");
    }
    if (this.#newLine) this.#newLine.firstElementChild.textContent = t("new");
    this.#days();
  }

  toEnd(smooth = true) {
    this.#stick = true;
    this.#scroll(this.box.scrollHeight, smooth);
  }

  /** Scroll there. Until it has arrived, what passes by says nothing about where the person wants to be. */
  #scroll(top, smooth = true) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches || !smooth;
    clearTimeout(this.#moving);
    this.#moving = setTimeout(() => {
      this.#moving = 0;
      this.#scrolled();
    }, calm ? 50 : 800);
    this.box.scrollTo({ top, behavior: calm ? "instant" : "smooth" });
  }

  get atEnd() {
    return this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR;
  }

  #element(id) {
    return this.#messages.get(id)?.element;
  }

  #put(message) {
    const element = message.hidden ? null : messageElement(message, this.actions);
    this.#messages.set(message.id, { message, element });
    if (!element) return null;
    const later = [...this.#messages.entries()]
      .filter(([id, known]) => id > message.id && known.element?.isConnected)
      .sort(([a], [b]) => a - b)[0];
    const next = later?.[1].element ?? this.column.querySelector(".message.sending, .message.refused");
    if (next && next.isConnected) next.before(element);
    else this.column.append(element);
    return element;
  }

  /** Bring a new message into view: its end, or its beginning where it is higher than the window. */
  #reveal(element) {
    if (!element) return;
    if (element.offsetHeight > this.box.clientHeight - 40) {
      this.#stick = false;
      this.#scroll(element.offsetTop - 12);
    } else {
      this.toEnd();
    }
  }

  #count(number) {
    this.#unseen = number ? this.#unseen + number : 0;
    byId("down-count").textContent = this.#unseen || "";
  }

  /** Set the lines with the days, and mark what belongs together. */
  #days() {
    this.column.querySelectorAll(".day").forEach((line) => line.remove());
    let before = null;
    let previous = null;
    for (const element of this.column.querySelectorAll(".message")) {
      const date = new Date(element.querySelector("time")?.dateTime ?? Date.now());
      const here = date.toDateString();
      if (here !== before) {
        const anchor = element.previousElementSibling?.matches(".new-line") ? element.previousElementSibling : element;
        anchor.before(el("p", { class: "day" }, el("span", {}, day(date))));
        previous = null;
      }
      const same = previous && previous.classList.contains("mine") === element.classList.contains("mine");
      element.classList.toggle("follows", Boolean(same));
      const together = same && element.dataset.group && element.dataset.group === previous.dataset.group;
      element.classList.toggle("album", Boolean(together));
      before = here;
      previous = element;
    }
  }

  /** The person scrolls: that counts, whatever the page was doing. */
  #byHand() {
    clearTimeout(this.#moving);
    this.#moving = 0;
  }

  #scrolled() {
    if (!this.#moving) this.#stick = this.atEnd;
    byId("down").hidden = this.#moving ? this.#stick : this.atEnd;
    if (this.#stick) {
      this.#count(0);
      this.onRead();
    }
    if (this.box.scrollTop < 200) this.#earlier();
  }

  async #earlier() {
    if (!this.#more || this.#loading || this.empty) return;
    this.#loading = true;
    const note = el("p", { class: "earlier" }, t("earlier"));
    this.column.prepend(note);
    try {
      const first = Math.min(...this.#messages.keys());
      const { messages, more } = await get(`/chat/history?before=${first}`);
      this.#more = more;
      this.box.setAttribute("aria-busy", "true");
      const height = this.box.scrollHeight - this.box.scrollTop;
      for (const message of messages) this.#put(message);
      note.remove();
      this.#days();
      this.box.scrollTo({ top: this.box.scrollHeight - height, behavior: "instant" });
      requestAnimationFrame(() => this.box.setAttribute("aria-busy", "false"));
    } catch {
      // It is tried again at the next scroll.
    } finally {
      note.remove();
      this.#loading = false;
    }
  }
}
