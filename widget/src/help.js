// @ts-check
/** The help card: a person, hide, the way back, leave no trace (safeguarding.md rules 9 and 14). */
import { outward } from './cards.js';
import { find, make } from './dom.js';
import { memory } from './memory.js';
import { worded } from './texts.js';

/**
 * @param {{say: (words: string) => void, ask: (type: string) => void, found: (token: string) => void}} actions
 *   `found`: come-back words opened a chat; nothing of it is known here but its token
 */
export function openHelp({ say, ask, found }) {
  /** @type {HTMLDetailsElement} */
  const menu = find('menu');
  const said = find('words-said');
  /** @type {HTMLFormElement} */
  const form = find('words-form');
  /** @type {HTMLInputElement} */
  const given = find('words-given');
  const trace = find('trace');

  function close() {
    menu.open = false;
    find('menu-name').focus({ preventScroll: true });
  }

  /** @param {string} id @param {string} key */
  function saying(id, key) {
    find(id).onclick = () => {
      close();
      say(worded(key));
    };
  }

  function showTrace() {
    const on = memory.traceless();
    trace.textContent = worded(on ? 'trace_off' : 'trace_on');
    trace.setAttribute('aria-pressed', String(on));
  }

  /** @param {string} words */
  async function open(words) {
    const frames = [{ type: 'hello', words }];
    const answer = await fetch('/chat/poll', { method: 'POST', body: JSON.stringify({ token: null, seq: 0, frames }) });
    const frame = (await answer.json()).frames[0];
    if (frame.type === 'found') {
      given.value = '';
      said.textContent = '';
      close();
      found(frame.token);
    } else said.textContent = worded(frame.reason === 'unknown_words' ? 'words_unknown' : 'words_tries');
  }

  saying('help-person', 'help_word');
  saying('help-hide', 'hide_word');
  find('words-get').onclick = () => ask('words');
  find('move').onclick = () => ask('move');
  trace.onclick = () => {
    memory.leaveNoTrace(!memory.traceless());
    showTrace();
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (given.value.trim()) open(given.value).catch(() => (said.textContent = worded('words_failed')));
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    event.preventDefault();
    close();
  });
  document.addEventListener('click', (event) => {
    const at = /** @type {Element} */ (event.target);
    if (at.closest('[href="#later"]')) {
      event.preventDefault();
      menu.open = true;
      find('later').scrollIntoView();
      find('words-get').focus({ preventScroll: true });
    } else if (menu.open && !menu.contains(at)) menu.open = false;
  });

  return {
    showTrace,

    /** @param {string | null} words  null: asked for too often */
    words(words) {
      said.textContent = words ? worded('words_given', { words }) : worded('words_wait');
      said.scrollIntoView({ block: 'nearest' });
    },

    /** A link that goes on in Telegram, below what that costs. @param {{text: string, url: string | null}} frame */
    move({ text, url }) {
      const told = url ? [text, make('br'), outward(url, worded('move_do'))] : [worded('words_failed')];
      find('move-said').replaceChildren(...told);
    },

    /** The words of the last chat are not left on the screen. */
    forget() {
      said.textContent = '';
      find('move-said').textContent = '';
    },
  };
}

/**
 * The neutral return: nothing of before is shown until the person chooses.
 * @param {{goOn: () => void, fresh: () => void}} ways @returns {HTMLElement}
 */
export function askReturn({ goOn, fresh }) {
  const box = make('div', { class: 'answers' });
  /** @type {[string, () => void][]} */
  const both = [['back_on', goOn], ['back_fresh', fresh]];
  both.forEach(([key, act]) => {
    const button = make('button', { type: 'button', 'data-back': key }, worded(key));
    button.onclick = act;
    box.append(button);
  });
  return make('div', {}, make('p', {}, worded('back')), box);
}
