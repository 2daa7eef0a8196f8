// SPDX-License-Identifier: EUPL-1.2
/* One script tag puts the chat on another site:
 * <script src="https://chat.example.nl/embed.js" data-language="nl" async></script>
 * It makes a button and, once that is pressed, a frame. It reads nothing of the page it is on. */
(() => {
  const words = {/* words */};
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const asked = script.dataset.language || document.documentElement.lang || "nl";
  const language = asked.slice(0, 2).toLowerCase() in words ? asked.slice(0, 2).toLowerCase() : "nl";
  const text = words[language];
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; }
    button { position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000; min-block-size: 52px;
      padding: 0 22px; border: 0; border-radius: 26px; background: #0b5f6b; color: #fff; cursor: pointer;
      font: 700 17px/1.3 "Noto Sans", system-ui, sans-serif; box-shadow: 0 4px 18px rgb(0 0 0 / .25); }
    button:focus-visible { outline: 3px solid #0b5f6b; outline-offset: 3px; }
    iframe { position: fixed; inset-block-end: 84px; inset-inline-end: 20px; z-index: 2147483000;
      inline-size: min(420px, calc(100vw - 24px)); block-size: min(680px, calc(100vh - 108px)); border: 0;
      border-radius: 18px; background: #f5f2eb; box-shadow: 0 12px 48px rgb(0 0 0 / .3); }
    @media (max-width: 480px) { iframe { inset-inline-end: 12px; } button { inset-inline-end: 12px; } }
    @media print { :host { display: none; } }`);
  root.adoptedStyleSheets = [sheet];
  const button = document.createElement("button");
  button.type = "button";
  button.lang = language;
  button.dir = text.direction;
  button.textContent = text.open;
  button.setAttribute("aria-expanded", "false");
  let frame = null;
  const show = (shown) => {
    if (shown && !frame) {
      frame = document.createElement("iframe");
      frame.title = text.title;
      frame.allow = "geolocation; microphone; clipboard-write";
      frame.src = `${home}/embed?language=${language}`;
      root.prepend(frame);
    }
    frame.hidden = !shown;
    frame.style.display = shown ? "" : "none";
    button.textContent = shown ? text.close : text.open;
    button.setAttribute("aria-expanded", String(shown));
    if (shown) frame.focus();
  };
  button.addEventListener("click", () => show(!frame || frame.hidden));
  root.append(button);
  const place = () => document.body.append(host);
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
})();
