// SPDX-License-Identifier: EUPL-1.2
/** The connection: a WebSocket to listen, long polling where that fails, and plain requests to speak. */

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 20000;
const SOCKET_AGAIN = 60000;

export const frame = document.documentElement.classList.contains("embedded") ? "in=embed" : "";

/** Return an address of ours that also says whether this page is in another site's frame. */
export const address = (path) => (frame ? `${path}${path.includes("?") ? "&" : "?"}${frame}` : path);

export const fileAddress = (file) => address(`/chat/files/${file}`);

/** An answer that says no. `code` names the reason; `again` is after how many seconds it may go well. */
export class Refused extends Error {
  constructor(status, code, again) {
    super(code);
    this.status = status;
    this.code = code;
    this.again = again;
  }
}

async function request(path, options) {
  const answer = await fetch(address(path), { credentials: "same-origin", ...options });
  if (answer.ok) return answer.json();
  const said = await answer.json().catch(() => ({}));
  if (answer.status >= 500) throw new TypeError("the server is in trouble");
  throw new Refused(answer.status, said.error ?? "refused", said.retry_after ?? 0);
}

export const get = (path) => request(path, { method: "GET" });

export const post = (path, body) =>
  request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const upload = (blob, name, duration) => {
  const query = new URLSearchParams({ name, duration: String(duration) });
  return request(`/chat/files?${query}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream" },
    body: blob,
  });
};

/** Listens. Calls `onFrame` for everything that comes and `onState` with connecting, online or lost. */
export class Link {
  #sequence = 0;
  #socket = null;
  #failures = 0;
  #opened = false;
  #timer = 0;
  #polling = false;
  #generation = 0;

  constructor({ onFrame, onState }) {
    this.onFrame = onFrame;
    this.onState = onState;
    addEventListener("online", () => this.#now());
    addEventListener("offline", () => this.onState("lost"));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && this.#failures) this.#now();
    });
  }

  /** Begin to listen after this number. */
  start(sequence) {
    this.#sequence = sequence;
    this.#now();
  }

  /** Note what has come, so that it does not come again. */
  seen(sequence) {
    this.#sequence = sequence;
  }

  stop() {
    this.#generation += 1;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#socket = null;
  }

  #now() {
    clearTimeout(this.#timer);
    if (this.#socket || this.#polling) return;
    if (this.#failures >= 2 && !this.#opened) this.#poll();
    else this.#open();
  }

  #open() {
    const generation = this.#generation;
    const url = new URL(address(`/chat/ws?after=${this.#sequence}`), location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    this.#socket = socket;
    let mine = false;
    socket.onopen = () => {
      mine = true;
      this.#opened = true;
      this.#failures = 0;
      this.onState("online");
    };
    socket.onmessage = (event) => this.onFrame(JSON.parse(event.data));
    socket.onclose = () => {
      if (generation !== this.#generation) return;
      this.#socket = null;
      this.#failures += 1;
      if (!mine || this.#failures > 1) this.onState("lost");
      this.#later();
    };
  }

  #later() {
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(this.#failures - 1, 6));
    this.#timer = setTimeout(() => this.#now(), pause * (0.5 + Math.random() / 2));
  }

  async #poll() {
    const generation = this.#generation;
    const until = Date.now() + SOCKET_AGAIN;
    this.#polling = true;
    try {
      while (generation === this.#generation && Date.now() < until) {
        const { frames, sequence } = await get(`/chat/events?after=${this.#sequence}`);
        if (generation !== this.#generation) return;
        this.#failures = 2;
        this.onState("online");
        frames.forEach((item) => this.onFrame(item));
        this.#sequence = sequence;
      }
      this.#failures = 1; // time to try a socket again
    } catch {
      this.#failures += 1;
      this.onState("lost");
    } finally {
      this.#polling = false;
      if (generation === this.#generation) this.#later();
    }
  }
}
