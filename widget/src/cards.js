// @ts-check
/** Numbers and links that can be tapped: cards, and what stands inside a helper's words. */
import { make } from './dom.js';
import { worded } from './texts.js';

/** @typedef {import('./frames.js').LineCard} LineCard @typedef {import('./frames.js').LinkCard} LinkCard */

/** Web addresses, emergency and helpline short numbers, and long numbers that begin with + or 0. */
const TAPPABLE = /https:\/\/[^\s<>"']*[^\s<>"'.,;:!?)]|(?:112|999|911|988|116 ?\d{3}|[+0]\d(?: ?\d){6,13})(?!\d)/;

/** @param {string} number @returns {string} */
function digits(number) {
  return number.replace(/[^\d+*#]/g, '');
}

/**
 * From the top: the policy of a page around the frame (frame-src) would block it in the frame, and put an error page
 * in place of the chat.
 * @param {'tel' | 'sms'} way @param {string} to @param {string} words
 */
function dial(way, to, words) {
  return make('a', { href: `${way}:${to}`, target: '_top' }, words);
}

/** A new tab, so that the chat stays; the other site learns nothing of this page. @param {string} url @param {...string} words */
export function outward(url, ...words) {
  return make('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, ...words);
}

/** @param {string} found */
function link(found) {
  if (found.startsWith('"')) return make('a', { href: '#later' }, found);
  return found.startsWith('https:') ? outward(found, found) : dial('tel', digits(found), found);
}

/**
 * A helper's words with addresses, numbers and "Come back later" as links. Never used for a person's own words: what
 * they paste may be the blackmailer's link.
 * @param {string} text @returns {(Node | string)[]}
 */
export function tappable(text) {
  /** @type {(Node | string)[]} */
  const parts = [];
  let from = 0;
  text.replace(new RegExp(`${TAPPABLE.source}|"${worded('words')}"`, 'g'), (found, at) => {
    if (/[\w.,£$€/+-]/.test(text.charAt(at - 1))) return found; // within an amount, a date or a longer number
    parts.push(text.slice(from, at), link(found));
    from = at + found.length;
    return found;
  });
  parts.push(text.slice(from));
  return parts;
}

/** @param {LineCard | LinkCard} card @returns {HTMLElement} */
export function drawCard(card) {
  const box = make('div', { class: 'card' }, make('p', { class: 'card-name', dir: 'auto' }, card.name));
  const say = card.kind === 'line' ? card.status : card.note;
  if (say) box.append(make('p', { dir: 'auto' }, say));
  if (card.kind === 'line') {
    if (card.tel) box.append(dial('tel', digits(card.tel), worded('call', { number: card.dial || card.tel })));
    else if (card.dial) box.append(make('p', {}, card.dial));
    if (card.sms) box.append(drawText(card.sms, card.keyword));
  }
  if (card.url && /^https?:\/\//.test(card.url)) box.append(outward(card.url, `${worded('open', { name: card.name })} (${worded('new_tab')})`));
  return box;
}

/** @param {string} number @param {string | null} keyword */
function drawText(number, keyword) {
  // `?&body=` is the one form that Android and iOS both read.
  const body = keyword ? `?&body=${encodeURIComponent(keyword)}` : '';
  const words = keyword ? worded('text_word', { word: keyword, number }) : worded('text', { number });
  return dial('sms', digits(number) + body, words);
}
