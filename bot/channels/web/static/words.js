// SPDX-License-Identifier: EUPL-1.2
/** The page's words, direction and dates, in the language of the person. */

let texts = {};
let locale = "nl";

/** Return a word of the page. */
export const t = (key) => texts[key] ?? key;

/** Take over a language: { code, direction, texts }. Everything that stands on the page follows. */
export function useLanguage(language) {
  texts = language.texts;
  locale = language.code === "ar" ? "ar-u-nu-latn" : language.code;
  const root = document.documentElement;
  root.lang = language.code;
  root.dir = language.direction;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) {
    const label = t(element.dataset.tLabel);
    element.setAttribute("aria-label", label);
    if (element.hasAttribute("title")) element.title = label;
  }
  for (const element of document.querySelectorAll("[data-t-placeholder]")) {
    element.placeholder = t(element.dataset.tPlaceholder);
    element.setAttribute("aria-label", element.placeholder);
  }
}

/** Return a formatter, or a plain one where this browser does not know the language. */
function formatter(options) {
  const known = Intl.DateTimeFormat.supportedLocalesOf([locale]).length > 0;
  return new Intl.DateTimeFormat(known ? locale : "nl", known ? options : { ...options, month: options.month && "2-digit" });
}

/** 14:05, whatever the language: two digits each. */
export const clock = (date) =>
  formatter({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(date);

/** Today, yesterday, or the date. */
export function day(date) {
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  if (date >= midnight) return t("today");
  midnight.setDate(midnight.getDate() - 1);
  if (date >= midnight) return t("yesterday");
  const sameYear = date.getFullYear() === midnight.getFullYear();
  return formatter({ day: "numeric", month: "long", year: sameYear ? undefined : "numeric" }).format(date);
}
