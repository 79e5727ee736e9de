// @ts-check
/**
 * Quick exit, after GOV.UK's "Exit this page": a real link that works without JavaScript. With it, local state is
 * wiped first, the page is hidden at once, the server is told without waiting, and the page's place in the history
 * goes to a neutral site. In a frame it is the page around it that goes: the loader takes it away; without the loader
 * the frame does so itself. It cannot clear the rest of the browser's history, and the page says so.
 */
import { find } from './dom.js';
import { around } from './frame.js';
import { memory } from './memory.js';
import { worded } from './texts.js';

const PRESSES = 3;
const WITHIN = 5000; // ms
const LOADER_WITHIN = 400; // ms

/** @param {() => void} stop  close the line for good */
export function openExit(stop) {
  const link = find('exit');
  const said = find('exit-said');
  let gone = false;
  let presses = 0;
  let alone = false;
  let timer = 0;

  function leave() {
    if (gone) return;
    const token = memory.token();
    memory.wipe();
    gone = true;
    blank();
    stop();
    if (token) navigator.sendBeacon('/chat/exit', token);
    if (!around.held()) location.replace(link.href);
    else {
      around.tell('leave', { to: link.href });
      setTimeout(() => window.top && window.top.location.replace(link.href), LOADER_WITHIN);
    }
  }

  function blank() {
    document.documentElement.hidden = true;
    document.body.textContent = '';
  }

  function startOver() {
    clearTimeout(timer);
    presses = 0;
  }

  function press() {
    presses += 1;
    if (presses === PRESSES) {
      leave();
      return;
    }
    if (presses === 1) {
      timer = window.setTimeout(() => {
        startOver();
        said.textContent = worded('shifts_over');
        timer = window.setTimeout(() => (said.textContent = ''), WITHIN);
      }, WITHIN);
    }
    const left = PRESSES - presses;
    said.textContent = left === 1 ? worded('shift_left') : worded('shifts_left', { left });
  }

  ['click', 'auxclick'].forEach((kind) =>
    link.addEventListener(kind, (/** @type {MouseEvent} */ event) => {
      if (event.button === 2) return;
      event.preventDefault();
      leave();
    }),
  );

  // Shift that makes a capital letter is not a wish to leave.
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Shift') {
      if (!event.repeat) alone = true;
      return;
    }
    alone = false;
    if (!presses) return;
    startOver();
    said.textContent = '';
  });
  document.addEventListener('keyup', (event) => {
    if (event.key === 'Shift' && alone && !gone) press();
  });

  // The browser may keep this page as it was and bring it back with Back: it is kept hidden, and shown again only
  // if the tab still holds the same chat.
  window.addEventListener('pagehide', () => {
    document.documentElement.hidden = true;
  });
  window.addEventListener('pageshow', (event) => {
    if (event.persisted && (gone || memory.outlived())) {
      blank();
      location.reload();
    } else if (!gone) document.documentElement.hidden = false;
  });

  return {
    leave,

    /** @param {string} url  the neutral site of the operator's choice */
    leadTo(url) {
      if (/^https?:\/\//.test(url)) link.href = url;
    },
  };
}
