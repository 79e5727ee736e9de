// @ts-check
/**
 * The words that the page itself says, by language: widget/texts/*.json. English is built in, another language is
 * loaded before anything is shown. What the assistant and the counsellors say comes from the server.
 * `words` names a control that the assistant names too, in quotes (domain.yml): the two must be the same.
 * Short sentences, no blame, no promise that cannot be kept: protocol.md §2.7.
 */
import english from '../texts/en.json';

/** @type {Record<string, string>} */
const ENGLISH = english;

/** @type {Record<string, string>} */
let texts = ENGLISH;

/** @param {string} key @param {Record<string, string | number>} [values] @returns {string} */
export function worded(key, values = {}) {
  return (texts[key] || ENGLISH[key] || '').replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** Speak another language; English stays where there is no file for it. @param {string} language  such as `nl` */
export async function speak(language) {
  if (/^[a-z]{2,3}$/.test(language) && language !== 'en') {
    const answer = await fetch(`/chat/static/texts/${language}.json`).catch(() => null);
    if (answer && answer.ok) {
      texts = await answer.json();
      document.documentElement.lang = language;
    }
  }
  document.documentElement.dir = worded('dir');
  document.querySelectorAll('[data-text]').forEach((node) => {
    node.textContent = worded(/** @type {HTMLElement} */ (node).dataset.text || '');
  });
  document.querySelectorAll('[data-text-label]').forEach((node) => {
    node.setAttribute('aria-label', worded(/** @type {HTMLElement} */ (node).dataset.textLabel || ''));
  });
}
