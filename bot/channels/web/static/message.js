// SPDX-License-Identifier: EUPL-1.2
/** One message as a piece of page. */

import { el, icon, toast } from "./dom.js";
import { fileAddress } from "./link.js";
import { clock, t } from "./words.js";

const STYLES = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
};

/** Make the whole message. `actions` has press(message, button, element), command(text) and view(picture). */
export function messageElement(message, actions) {
  const article = el("article", {
    class: `message ${message.mine ? "mine" : "bot"}`,
    dataset: { id: message.id ?? "", client: message.client_id ?? "", group: message.group ?? "" },
    tabindex: "-1",
  });
  article.append(...parts(message, actions));
  return article;
}

/** Draw a message anew where it stands, with the focus where it was. */
export function redraw(article, message, actions) {
  const focused = article.contains(document.activeElement) ? document.activeElement : null;
  const place = focused?.dataset.place;
  article.replaceChildren(...parts(message, actions));
  article.dataset.id = message.id ?? "";
  article.dataset.client = message.client_id ?? "";
  article.classList.remove("changed");
  void article.offsetWidth; // so that the animation starts again
  article.classList.add("changed");
  if (!focused) return;
  const again = place ? article.querySelector(`[data-place="${CSS.escape(place)}"]`) : null;
  (again ?? article.querySelector(".buttons button, .buttons a") ?? article).focus({ preventScroll: true });
}

function parts(message, actions) {
  const bubble = el("div", { class: "bubble" });
  bubble.append(el("p", { class: "hidden" }, message.mine ? t("you") : t("bot")));
  bubble.append(...media(message, actions));
  if (message.lines?.length) bubble.append(textElement(message.lines, actions));
  bubble.append(footer(message));
  const made = [bubble];
  if (message.buttons?.length) made.push(buttons(message, actions));
  return made;
}

function textElement(lines, actions) {
  const text = el("div", { class: "text" });
  for (const line of lines) {
    if (!line.spans.length) {
      text.lastElementChild?.classList.add("gap");
      continue;
    }
    const pieces = line.spans.map((span) => spanElement(span, actions));
    if (line.kind === "item") {
      if (!text.lastElementChild?.matches("ul:not(.gap)")) text.append(el("ul", { role: "list" }));
      text.lastElementChild.append(el("li", { dir: "auto", lang: line.lang }, pieces));
    } else {
      text.append(el("p", { dir: "auto", lang: line.lang, class: line.kind }, pieces));
    }
  }
  return text;
}

function spanElement(span, actions) {
  let node = document.createTextNode(span.text);
  for (const style of span.styles ?? []) {
    if (style === "spoiler") node = el("span", { class: "spoiler", tabindex: "0" }, node);
    else if (STYLES[style]) node = el(STYLES[style], {}, node);
  }
  if (span.url) return link(span.url, node);
  if (span.command) {
    return el("button", { type: "button", class: "command", onclick: () => actions.command(span.command) }, node);
  }
  return node;
}

function link(url, ...children) {
  const here = /^(tel|mailto):/.test(url);
  return el("a", { href: url, rel: "noopener noreferrer", target: here ? null : "_blank" }, children);
}

function media(message, actions) {
  const made = [];
  if (message.photo) {
    const { width, height } = message.photo;
    const label = message.mine ? t("photo_you") : t("photo_bot");
    const source = message.photo.url ?? fileAddress(message.photo.file);
    const picture = el("img", { src: source, alt: label, width, height, loading: "lazy", decoding: "async" });
    made.push(
      el(
        "button",
        { type: "button", class: "photo", "aria-label": `${label}. ${t("photo_open")}`, onclick: () => actions.view(source, label) },
        picture,
      ),
    );
  }
  if (message.voice) {
    const source = message.voice.url ?? fileAddress(message.voice.file);
    made.push(
      el("div", { class: "voice" }, el("span", {}, t("voice")), el("audio", { src: source, controls: true, preload: "metadata", "aria-label": t("voice") })),
    );
  }
  if (message.document) {
    const { file, name, size } = message.document;
    const kind = size ? `${Math.max(1, Math.round(size / 1024))} kB` : "";
    const inside = [icon("file"), el("span", {}, el("bdi", {}, name || t("document")), " ", el("small", { dir: "ltr" }, kind))];
    made.push(file ? el("a", { class: "document", href: fileAddress(file), download: name || true }, inside) : el("p", { class: "document" }, inside));
  }
  if (message.location) made.push(place(message.location));
  return made;
}

function place({ latitude, longitude, title, address }) {
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
  return el(
    "p",
    { class: "place" },
    icon("pin"),
    el(
      "span",
      {},
      title ? el("strong", { dir: "auto" }, title) : null,
      address ? el("span", { dir: "auto" }, address) : null,
      link(map, t("location")),
    ),
  );
}

function footer(message) {
  const date = new Date(message.date * 1000);
  const foot = el("p", { class: "foot" });
  if (message.edited) foot.append(el("span", {}, t("edited")), " ");
  foot.append(el("time", { datetime: date.toISOString() }, clock(date)));
  if (!message.mine && message.lines?.length) {
    const plain = (line) => (line.kind === "item" ? "• " : "") + line.spans.map((span) => span.text).join("");
    const said = message.lines.map(plain).join("\n");
    foot.append(
      el("button", { type: "button", class: "copy", "aria-label": t("copy"), title: t("copy"), dataset: { place: "copy" }, onclick: () => copy(said) }, icon("copy")),
    );
  }
  return foot;
}

async function copy(text) {
  // Direction marks are for showing, not for what is pasted elsewhere.
  try {
    await navigator.clipboard.writeText(text.replace(/[\u2066-\u2069]/g, ""));
    toast(t("copied"));
  } catch {
    toast(t("error_refused"));
  }
}

function buttons(message, actions) {
  const group = el("div", { class: "buttons", role: "group" });
  message.buttons.forEach((row, rowNumber) => {
    const line = el("div", { class: "buttons-row" });
    row.forEach((button, number) => {
      const place = button.data ?? `${rowNumber}.${number}`;
      const style = button.style ? ` ${button.style}` : "";
      if (button.url) {
        const anchor = link(button.url, el("span", { dir: "auto", lang: button.lang }, button.text), icon("out"));
        anchor.className = `choice${style}`;
        anchor.dataset.place = place;
        line.append(anchor);
      } else {
        const press = (event) =>
          button.copy ? copy(button.copy) : actions.press(message, button, event.currentTarget);
        line.append(
          el("button", { type: "button", class: `choice${style}`, dataset: { place }, onclick: press }, el("span", { dir: "auto", lang: button.lang }, button.text)),
        );
      }
    });
    group.append(line);
  });
  return group;
}
