// @ts-check
/** The person's words before they are sent. Nothing but text can go in, and no word is lost on the way. */
import { find } from './dom.js';
import { worded } from './texts.js';

const TYPING_EVERY = 3000; // ms, docs/web-protocol.md
const PICTURE_IN_TEXT = /data:(image|video|audio)\/[^\s"')]*/i;

/** @param {{say: (text: string) => void, typing: () => void, refuse: (kind: string) => void}} actions */
export function openComposer({ say, typing, refuse }) {
  /** @type {HTMLFormElement} */
  const form = find('composer');
  /** @type {HTMLTextAreaElement} */
  const words = find('words');
  const hint = find('hint');
  let max = 4000;
  let typedAt = 0;

  /** @param {string} text */
  function tell(text) {
    hint.textContent = text;
    words.removeAttribute('aria-invalid');
  }

  function grow() {
    words.style.height = 'auto';
    words.style.height = `${words.scrollHeight + words.offsetHeight - words.clientHeight}px`;
  }

  /** @param {string} text */
  function fill(text) {
    words.value = text;
    grow();
  }

  function send() {
    const text = words.value.trim();
    const size = Array.from(text).length;
    if (!size) return;
    const picture = PICTURE_IN_TEXT.exec(text);
    if (picture) {
      fill(text.replace(new RegExp(PICTURE_IN_TEXT, 'gi'), '').trim());
      turnAway(picture[1]);
      return;
    }
    if (size > max) {
      tell(worded('too_long', { size, max }));
      words.setAttribute('aria-invalid', 'true');
      return;
    }
    fill('');
    tell('');
    typedAt = 0;
    say(text);
  }

  /** @param {string} kind */
  function turnAway(kind) {
    tell(worded('no_files'));
    refuse(kind.toLowerCase());
  }

  /**
   * The kind of the file in a paste or a drop; empty if there is none. Text copied from a document often carries a
   * picture of itself: it goes in as text.
   * @param {DataTransfer | null} data
   */
  function fileIn(data) {
    if (!data) return '';
    const plain = data.getData('text/plain');
    const picture = PICTURE_IN_TEXT.exec(plain);
    if (picture) return picture[1];
    const file = Array.from(data.items).find((item) => item.kind === 'file');
    if (file && !plain) {
      const kind = file.type.split('/')[0];
      return ['image', 'video', 'audio'].includes(kind) ? kind : 'document';
    }
    return /<img[\s>]/i.test(data.getData('text/html')) && !/\s/.test(plain.trim()) ? 'image' : '';
  }

  /** @param {Event} event @param {DataTransfer | null} data */
  function guard(event, data) {
    const kind = fileIn(data);
    if (!kind) return false;
    event.preventDefault();
    turnAway(kind);
    return true;
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  words.addEventListener('keydown', (event) => {
    const composing = event.isComposing || event.keyCode === 229; // an input method is choosing a word
    if (event.key !== 'Enter' || event.shiftKey || composing) return;
    event.preventDefault();
    send();
  });
  words.addEventListener('input', () => {
    grow();
    tell('');
    if (!words.value || Date.now() - typedAt < TYPING_EVERY) return;
    typedAt = Date.now();
    typing();
  });
  document.addEventListener('paste', (event) => guard(event, event.clipboardData));
  document.addEventListener('dragover', (event) => {
    if (event.dataTransfer && event.dataTransfer.types.includes('Files')) event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    // Without this a browser would open a dropped file in place of the chat.
    if (!guard(event, event.dataTransfer) && event.target !== words) event.preventDefault();
  });

  return {
    tell,

    /** @param {number} characters */
    limit(characters) {
      max = characters;
    },

    /** Words that were not stored come back in front of what is written now. @param {string} text */
    giveBack(text) {
      fill([text, words.value].filter(Boolean).join('\n'));
    },

    /** @param {boolean} open */
    show(open) {
      form.hidden = !open;
      if (!open) fill('');
    },

    /** With a mouse or keys the cursor waits in the box; a touch keyboard would hide the greeting. */
    invite() {
      if (document.activeElement === document.body && matchMedia('(hover: hover) and (pointer: fine)').matches) {
        words.focus({ preventScroll: true });
      }
    },
  };
}
