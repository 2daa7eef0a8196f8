// SPDX-License-Identifier: EUPL-1.2
/** Where the person types: text, pictures, a voice message, a place, and the keyboards that the bot sets. */

import { ask, byId, disclosure, el, icon } from "./dom.js";
import { newId } from "./outbox.js";
import { t } from "./words.js";

const LONGEST_SIDE = 2000;
const MOST_PICTURES = 10;
const VOICE_TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
const LONGEST_VOICE = 300;

export class Composer {
  #files = [];
  #keyboard = null;
  #recorder = null;
  #asking = false;
  #limit = 10 * 1024 * 1024;

  /** `onSend(item)` gets what the person sends, as the outbox wants it. */
  constructor(onSend) {
    this.onSend = onSend;
    this.text = byId("text");
    this.text.addEventListener("input", () => this.#changed());
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.text.addEventListener("paste", (event) => {
      const pictures = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
      if (!pictures.length) return;
      event.preventDefault();
      this.#addPictures(pictures);
    });
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#prepareAttachments();
    this.#prepareVoice();
    disclosure(byId("commands"), byId("command-list"));
    this.#changed();
  }

  set limit(bytes) {
    this.#limit = bytes;
  }

  focus() {
    // On a phone this would open the keyboard over the conversation.
    if (matchMedia("(pointer: fine)").matches) this.text.focus({ preventScroll: true });
  }

  /** Show the commands: [{ command, description }]. */
  commands(commands) {
    byId("commands").parentElement.hidden = commands.length === 0;
    byId("command-list").replaceChildren(
      ...commands.map(({ command, description }) =>
        el(
          "li",
          {},
          el(
            "button",
            { type: "button", onclick: () => this.#say(`/${command}`) },
            el("span", { dir: "auto" }, description),
            el("small", { dir: "ltr" }, `/${command}`),
          ),
        ),
      ),
    );
  }

  /** Show the answers that the bot offers instead of typing, or none. */
  keyboard(keyboard) {
    this.#keyboard = keyboard?.rows ? keyboard : null;
    const box = byId("keyboard");
    box.hidden = !this.#keyboard;
    box.replaceChildren(
      ...(this.#keyboard?.rows ?? []).map((row) =>
        el(
          "div",
          { class: "buttons-row" },
          row.map((key) =>
            el(
              "button",
              { type: "button", class: "choice", onclick: () => (key.location ? this.#sharePlace() : this.#say(key.text)) },
              key.location ? icon("pin") : null,
              el("span", { dir: "auto" }, key.text),
            ),
          ),
        ),
      ),
    );
    if (keyboard?.placeholder) this.text.placeholder = keyboard.placeholder;
    else this.text.placeholder = t("placeholder");
  }

  /** Show what went wrong, or nothing. */
  problem(code = "") {
    byId("problem").textContent = code && t(`error_${code}`);
  }

  #say(text) {
    this.onSend({ client_id: newId(), text });
    if (this.#keyboard?.once) this.keyboard(null);
    this.problem();
    this.focus();
  }

  #submit() {
    const text = this.text.value.trim();
    if (this.#files.length) this.#sendFiles(text);
    else if (text) this.#say(text);
    else return;
    this.text.value = "";
    this.#changed();
    this.text.focus();
  }

  #changed() {
    // An empty field follows the page, so that its hint stands on the right side; text has its own direction.
    if (this.text.value) this.text.dir = "auto";
    else this.text.removeAttribute("dir");
    this.text.style.blockSize = "auto";
    this.text.style.blockSize = `${this.text.scrollHeight + 2}px`;
    const something = Boolean(this.text.value.trim() || this.#files.length);
    const voice = typeof MediaRecorder !== "undefined" && navigator.mediaDevices;
    byId("record").hidden = something || !voice;
    byId("send").hidden = !something && Boolean(voice);
    byId("preview").hidden = !this.#files.length;
    this.text.maxLength = this.#files.length ? 1024 : 4096;
    if (!this.#keyboard?.placeholder) this.text.placeholder = this.#files.length ? t("caption") : t("placeholder");
  }

  // Pictures and documents

  #prepareAttachments() {
    disclosure(byId("attach"), byId("attach-list"));
    byId("attach-photo").addEventListener("click", () => byId("photo-input").click());
    byId("attach-document").addEventListener("click", () => byId("document-input").click());
    byId("attach-location").addEventListener("click", () => this.#sharePlace());
    byId("photo-input").addEventListener("change", (event) => {
      this.#addPictures([...event.target.files]);
      event.target.value = "";
    });
    byId("document-input").addEventListener("change", (event) => {
      const [file] = event.target.files;
      event.target.value = "";
      if (!file) return;
      if (file.size > this.#limit) this.problem("too_big");
      else this.#addFile({ blob: file, name: file.name });
    });
    const box = document.body;
    box.addEventListener("dragover", (event) => event.preventDefault());
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      this.#addPictures([...(event.dataTransfer?.files ?? [])].filter((file) => file.type.startsWith("image/")));
    });
  }

  async #addPictures(files) {
    this.problem();
    for (const file of files.slice(0, MOST_PICTURES - this.#files.length)) {
      try {
        this.#addFile(await smaller(file));
      } catch {
        this.problem("bad_picture");
      }
    }
  }

  #addFile(file) {
    file.url = file.width ? URL.createObjectURL(file.blob) : "";
    this.#files.push(file);
    const remove = el(
      "button",
      { type: "button", class: "icon", "aria-label": `${t("remove")}: ${file.name}`, title: t("remove") },
      icon("close"),
    );
    const entry = el(
      "li",
      {},
      file.url ? el("img", { src: file.url, alt: file.name }) : el("span", { class: "document" }, icon("file"), el("bdi", {}, file.name)),
      remove,
    );
    remove.addEventListener("click", () => {
      this.#files = this.#files.filter((other) => other !== file);
      entry.remove();
      this.#changed();
      this.text.focus();
    });
    byId("preview").append(entry);
    this.#changed();
    this.focus();
  }

  #sendFiles(text) {
    const group = this.#files.length > 1 ? newId().slice(0, 20) : "";
    this.#files.forEach((file, number) => {
      this.onSend({ client_id: newId(), text: number ? "" : text, group, ...file });
    });
    this.#files = [];
    byId("preview").replaceChildren();
    this.problem();
  }

  // A place

  async #sharePlace() {
    this.problem();
    const agreed = await ask({ title: t("attach_location"), text: t("location_text"), yes: t("location_yes"), no: t("cancel") });
    if (!agreed) return;
    const failed = () => this.problem("location");
    if (!navigator.geolocation) return failed();
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const place = { latitude: coords.latitude, longitude: coords.longitude, accuracy: coords.accuracy };
        this.onSend({ client_id: newId(), place });
        if (this.#keyboard?.once) this.keyboard(null);
      },
      failed,
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 },
    );
  }

  // A voice message

  #prepareVoice() {
    byId("record").addEventListener("click", () => this.#record());
    byId("record-cancel").addEventListener("click", () => this.#stop(false));
    byId("record-send").addEventListener("click", () => this.#stop(true));
  }

  async #record() {
    // Pressed twice while the browser still asks whether it may: one recording is enough.
    if (this.#asking) return;
    this.problem();
    let stream;
    this.#asking = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      this.problem("microphone");
      return;
    } finally {
      this.#asking = false;
    }
    const mimeType = VOICE_TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 32000 });
    const pieces = [];
    const begun = Date.now();
    const seconds = () => Math.round((Date.now() - begun) / 1000);
    const shown = setInterval(() => {
      byId("recorded").textContent = `${Math.floor(seconds() / 60)}:${String(seconds() % 60).padStart(2, "0")}`;
      if (seconds() >= LONGEST_VOICE) this.#stop(true);
    }, 500);
    recorder.ondataavailable = (event) => pieces.push(event.data);
    recorder.onstop = () => {
      clearInterval(shown);
      stream.getTracks().forEach((track) => track.stop());
      byId("recorder").hidden = true;
      byId("row").hidden = false;
      byId("recorded").textContent = "";
      const blob = new Blob(pieces, { type: recorder.mimeType });
      if (recorder.wanted && blob.size) {
        this.onSend({ client_id: newId(), text: "", blob, name: "voice", duration: Math.max(1, seconds()), voice: true });
      } else if (recorder.wanted) {
        // Sent before the microphone gave anything: the person must not think that it went.
        this.problem("voice_empty");
      }
      byId("record").focus();
    };
    this.#recorder = recorder;
    recorder.start(1000);
    byId("recorded").textContent = "0:00";
    byId("recorder").hidden = false;
    byId("row").hidden = true;
    byId("record-send").focus();
  }

  #stop(wanted) {
    if (!this.#recorder || this.#recorder.state === "inactive") return;
    this.#recorder.wanted = wanted;
    this.#recorder.stop();
  }
}

/** Make a picture small enough to send on a slow line: at most 2000 pixels, JPEG. */
async function smaller(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = el("canvas", { width, height });
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  if (!blob) throw new Error("the picture can't be drawn");
  return { blob, name: file.name, width, height };
}
