// @ts-check
/**
 * What was said, in the order of `seq`, each message once. The person's words stand at the end until they have a
 * `seq`. Only the newest message offers its buttons.
 */
import { drawCard, tappable } from './cards.js';
import { make } from './dom.js';
import { worded } from './texts.js';

/** @typedef {import('./frames.js').Message} Message @typedef {import('./frames.js').Button} Button */
/** @typedef {'sending' | 'sent' | 'failed'} Delivery */
/** @typedef {{seq: number, id: string | null, node: HTMLElement, buttons: Button[], delivery: HTMLElement | null}} Item */

const MOST_BUTTONS = 4; // safeguarding.md, Young people
const PENDING = Infinity;
const UNREAD = 500; // ms; the second tap of an impatient finger must not answer the next question

/** @param {Message['from']} from @param {string | null} name @returns {string} who speaks, in words */
export function whoSpeaks(from, name) {
  return from === 'counsellor' && name ? worded('counsellor_named', { name }) : worded(from);
}

/**
 * @param {HTMLElement} root  the live region, in the page before anything is said
 * @param {{tap: (seq: number, button: Button) => void, retry: (id: string) => void}} actions
 */
export function openLog(root, { tap, retry }) {
  /** @type {Item[]} */
  let items = [];
  /** @type {HTMLElement | null} */
  let offer = null;

  /** @param {Message['from']} from @param {string | null} name @param {string} text @param {string | null} at */
  function draw(from, name, text, at) {
    const who = make('p', { class: 'who' }, make('span', {}, whoSpeaks(from, name)));
    if (at) who.append(' ', make('time', { datetime: at }, clock(at)));
    const words = make('p', { class: 'words', dir: 'auto' });
    words.append(...(from === 'person' ? [text] : tappable(text)));
    return make('div', { class: 'message', 'data-from': from }, who, words);
  }

  /** Put an item where its seq belongs. @param {Item} item */
  function place(item) {
    items = items.filter((other) => other !== item);
    const later = items.findIndex((other) => other.seq > item.seq);
    if (later >= 0) items.splice(later, 0, item);
    else items.push(item);
    const next = later >= 0 ? items[later + 1].node : null;
    // A node that stays where it is is not moved: a live region would read it again.
    if (item.node.parentNode !== root || item.node.nextSibling !== next) root.insertBefore(item.node, next);
    if (item.seq !== PENDING) item.node.dataset.seq = String(item.seq);
    renewOffer();
  }

  /** Withdraw the buttons, and show those of the newest message, if it has any. */
  function renewOffer() {
    const newest = items[items.length - 1];
    if (offer && newest && offer.parentNode === newest.node) return;
    if (offer) {
      const focused = offer.contains(document.activeElement);
      offer.remove();
      // A focus that vanishes sends a keyboard back to the top of the page.
      if (focused && root.parentElement) root.parentElement.focus({ preventScroll: true });
    }
    offer = null;
    if (!newest || !newest.buttons.length) return;
    const shownAt = Date.now();
    offer = make('div', { class: 'answers', role: 'group', 'aria-label': worded('answers') });
    newest.buttons.slice(0, MOST_BUTTONS).forEach((button) => {
      const node = make('button', { type: 'button', dir: 'auto' }, button.title);
      node.onclick = () => Date.now() - shownAt > UNREAD && tap(newest.seq, button);
      if (offer) offer.append(node);
    });
    newest.node.append(offer);
  }

  /** @param {Item} item @param {Delivery} state */
  function mark(item, state) {
    if (!item.delivery) return;
    item.node.dataset.delivery = state;
    item.delivery.textContent = '';
    const id = item.id;
    if (state === 'failed' && id) {
      const again = make('button', { type: 'button' }, worded('failed'));
      again.onclick = () => retry(id);
      item.delivery.append(again);
    } else item.delivery.append(worded(state));
  }

  /** @param {string | null} id */
  function byId(id) {
    return id ? items.find((item) => item.id === id) : undefined;
  }

  return {
    /** A message of the server. @param {Message} message @returns {HTMLElement | null} null if it is here already */
    show(message) {
      const own = byId(message.id);
      if (own) this.accept(message.id || '', message.seq);
      if (own || items.some((item) => item.seq === message.seq)) return null;
      const node = draw(message.from, message.name, message.text, message.at);
      (message.cards || []).forEach((card) => node.append(drawCard(card)));
      const { seq, id } = message;
      place({ seq, id, node, buttons: message.buttons || [], delivery: null });
      return node;
    },

    /** The person's own words, not yet with the server. @param {string} id @param {string} text */
    say(id, text) {
      const node = draw('person', null, text, null);
      // Not announced: a failure is told by the page's status line.
      const delivery = make('p', { class: 'delivery', 'aria-live': 'off' });
      node.append(delivery);
      const item = { seq: PENDING, id, node, buttons: [], delivery };
      place(item);
      mark(item, 'sending');
      return node;
    },

    /** @param {string} id @param {number} seq */
    accept(id, seq) {
      const item = byId(id);
      if (!item || item.seq !== PENDING) return;
      item.seq = seq;
      items.forEach((other) => {
        if (other.delivery && other.node.dataset.delivery === 'sent') other.delivery.textContent = '';
      });
      mark(item, 'sent');
      place(item);
    },

    /** @param {string} id @param {Delivery} state */
    mark(id, state) {
      const item = byId(id);
      if (item && item.seq === PENDING) mark(item, state);
    },

    /** Everything that is not accepted is on its way again. */
    resending() {
      items.forEach((item) => item.seq === PENDING && mark(item, 'sending'));
    },

    /** Take away words that were not stored; the buttons they had answered come back. @param {string} id */
    take(id) {
      const item = byId(id);
      if (!item || item.seq !== PENDING) return;
      items = items.filter((other) => other !== item);
      item.node.remove();
      renewOffer();
    },

    /** No answers can be tapped for now. */
    withdraw() {
      if (offer) offer.remove();
      offer = null;
    },

    clear() {
      items = [];
      offer = null;
      root.textContent = '';
    },

    /** Show an old conversation again without reading all of it aloud. */
    hush() {
      root.setAttribute('aria-live', 'off');
      setTimeout(() => root.setAttribute('aria-live', 'polite'), 1500);
    },

    /** @param {number} bottom  a line of the window @returns {number} the last seq that ends above it, or 0 */
    seenAbove(bottom) {
      for (let i = items.length - 1; i >= 0; i -= 1) {
        if (items[i].seq !== PENDING && items[i].node.getBoundingClientRect().bottom <= bottom) return items[i].seq;
      }
      return 0;
    },
  };
}

/** @param {string} at @returns {string} the time; with the day, if that was not today */
function clock(at) {
  const when = new Date(at);
  const time = when.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const today = when.toDateString() === new Date().toDateString();
  return today ? time : `${when.toLocaleDateString([], { day: 'numeric', month: 'short' })}, ${time}`;
}
