// SPDX-License-Identifier: EUPL-1.2
/** What the person sends, in order, kept until the server has it. Each piece has a name of its own. */

import { post, Refused, upload } from "./link.js";

const KEY = "buurtbrug.outbox";

export const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(15)), (byte) => byte.toString(36).padStart(2, "0")).join("");

/** Queue of messages. An item is { client_id, text } with perhaps `place`, or `blob` and `name` for a file. */
export class Outbox {
  #items = [];
  #busy = false;
  #timer = 0;
  #pause = 1000;

  /** `onChange(item, state, error)` is told sending, waiting, sent or refused. */
  constructor({ onChange }) {
    this.onChange = onChange;
  }

  /** Return what an earlier load of this page could not send. Files do not survive a reload. */
  restore() {
    try {
      this.#items = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    } catch {
      this.#items = [];
    }
    return [...this.#items];
  }

  /** Whether something that the person wrote would be lost with this page. */
  get waiting() {
    return this.#items.some((item) => !item.silent);
  }

  add(item) {
    this.#items.push(item);
    this.#keep();
    this.onChange(item, "sending");
    this.flush();
  }

  /** The server has it: it came back as an event. */
  arrived(clientId) {
    this.#items = this.#items.filter((item) => item.client_id !== clientId);
    this.#keep();
  }

  /** Try what was refused once more. */
  retry(item) {
    if (!this.#items.includes(item)) this.#items.push(item);
    this.#keep();
    this.onChange(item, "sending");
    this.flush();
  }

  async flush() {
    clearTimeout(this.#timer);
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#items.length) {
        const item = this.#items[0];
        const again = await this.#send(item);
        if (again) {
          this.#timer = setTimeout(() => this.flush(), again);
          return;
        }
        this.#items = this.#items.filter((other) => other !== item);
        this.#keep();
      }
    } finally {
      this.#busy = false;
    }
  }

  /** Send one. Returns 0 when it is over and done with, or after how many milliseconds to try again. */
  async #send(item) {
    try {
      if (item.blob && !item.file) item.file = (await upload(item.blob, item.name, item.duration ?? 0)).file;
      const { client_id, text, place, file, group } = item;
      const body = place ? { client_id, place } : { client_id, text: text ?? "" };
      if (file) Object.assign(body, { file, group: group ?? "" });
      await post("/chat/messages", body);
      this.#pause = 1000;
      this.onChange(item, "sent");
      return 0;
    } catch (error) {
      if (error instanceof Refused && error.status !== 429) {
        this.onChange(item, "refused", error.code);
        return 0;
      }
      if (error instanceof Refused && error.code !== "too_fast") {
        this.onChange(item, "refused", error.code);
        return 0;
      }
      if (error instanceof Refused) {
        this.onChange(item, "waiting", "too_fast");
        return error.again * 1000;
      }
      this.onChange(item, "waiting", "network");
      this.#pause = Math.min(this.#pause * 2, 20000);
      return this.#pause;
    }
  }

  #keep() {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.#items.filter((item) => !item.blob)));
    } catch {
      // Without storage the queue lives as long as the page.
    }
  }
}
