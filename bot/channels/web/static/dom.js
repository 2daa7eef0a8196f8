// SPDX-License-Identifier: EUPL-1.2
/** Small pieces of page. Text is always set as text, never read as HTML. */

/** Make an element. `class`, `dataset` and `on…` are treated as what they are; null and false are left out. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "dataset") Object.assign(element.dataset, value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const PATHS = {
  copy: "M9 9V5.500A1.5 1.5 0 0 1 10.5 4h8A1.5 1.5 0 0 1 20 5.500v8a1.5 1.5 0 0 1-1.5 1.500H15M5.5 9h8A1.5 1.5 0 0 1 15 10.500v8a1.5 1.5 0 0 1-1.5 1.500h-8A1.5 1.5 0 0 1 4 18.500v-8A1.5 1.5 0 0 1 5.5 9z",
  close: "M6 6l12 12M18 6 6 18",
  file: "M13.5 3.500H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.500h10a1.5 1.5 0 0 0 1.5-1.500V8.500zM13.5 3.500v5h5",
  pin: "M12 21s7-6.2 7-11.500a7 7 0 0 0-14 0C5 14.8 12 21 12 21zM12 7.500v.01M12 9.500v.01M12 11.500v.01",
  out: "M9.5 5.500H6A1.5 1.5 0 0 0 4.5 7v11A1.5 1.5 0 0 0 6 19.500h11a1.5 1.5 0 0 0 1.5-1.500v-3.500M13.5 4.500h6v6M19 5l-8.5 8.5",
};

/** Make an icon that says nothing by itself. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export const byId = (id) => document.getElementById(id);

/** Let a button open and close a list: Escape and a click elsewhere close it, arrows walk through it. */
export function disclosure(button, list, onOpen = () => {}) {
  const items = () => [...list.querySelectorAll("button, a")].filter((item) => !item.closest("[hidden]"));
  const close = (refocus = false) => {
    if (list.hidden) return;
    list.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (refocus) button.focus();
  };
  button.addEventListener("click", () => {
    if (!list.hidden) return close();
    onOpen();
    list.hidden = false;
    button.setAttribute("aria-expanded", "true");
    items()[0]?.focus();
  });
  list.addEventListener("click", (event) => {
    if (event.target.closest("button, a")) close(true);
  });
  list.addEventListener("keydown", (event) => {
    const all = items();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
    }
  });
  for (const part of [button, list]) {
    part.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close(true);
    });
  }
  document.addEventListener("pointerdown", (event) => {
    if (!list.contains(event.target) && !button.contains(event.target)) close();
  });
  list.parentElement.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !list.parentElement.contains(event.relatedTarget)) close();
  });
  return close;
}

let toastTimer = 0;

/** Say something in passing. */
export function toast(text) {
  const box = byId("toast");
  box.textContent = text;
  box.classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => box.classList.remove("shown"), 4000);
}

/** Ask in a dialog. Resolves to whether the answer was yes; without `no` there is nothing to choose. */
export function ask({ title, text, yes, no }) {
  const dialog = byId("ask");
  byId("ask-title").textContent = title;
  byId("ask-title").hidden = !title;
  byId("ask-text").textContent = text;
  byId("ask-yes").textContent = yes;
  byId("ask-no").textContent = no ?? "";
  byId("ask-no").hidden = !no;
  dialog.returnValue = "";
  return new Promise((resolve) => {
    byId("ask-yes").onclick = () => dialog.close("yes");
    byId("ask-no").onclick = () => dialog.close("");
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
    dialog.showModal();
  });
}
