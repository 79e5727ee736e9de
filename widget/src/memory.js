// @ts-check
/**
 * The token of the conversation. It lives in this tab's sessionStorage and nowhere else on the device; with *Leave no
 * trace*, or where a browser forbids storage, it lives in memory and the chat ends with the page.
 */
const KEY = 'chat';
const HIDDEN = 'hidden';

/** @type {string | null} */
let token = null;
let traceless = false;
/** The last seq that the person hid from this screen. */
let hidden = 0;
token = stored(KEY);
hidden = Number(stored(HIDDEN)) || 0;

/** @param {string} key @returns {string | null} what the tab holds now */
function stored(key) {
  try {
    return sessionStorage.getItem(key);
  } catch (_) {
    return key === KEY ? token : null;
  }
}

function store() {
  try {
    sessionStorage.clear();
    if (traceless || !token) return;
    sessionStorage.setItem(KEY, token);
    if (hidden) sessionStorage.setItem(HIDDEN, String(hidden));
  } catch (_) {
    // What is in memory is enough for this page.
  }
}

export const memory = {
  /** @returns {string | null} */
  token() {
    return token;
  },

  /** @param {string} fresh */
  keep(fresh) {
    token = fresh;
    store();
  },

  wipe() {
    token = null;
    hidden = 0;
    store();
  },

  /** @returns {number} messages up to here are not shown again */
  hidden() {
    return hidden;
  },

  /** @param {number} seq */
  hide(seq) {
    hidden = seq;
    store();
  },

  /** @returns {boolean} */
  traceless() {
    return traceless;
  },

  /** *Leave no trace*: nothing on the device, so a reload of the page ends the chat. @param {boolean} on */
  leaveNoTrace(on) {
    traceless = on;
    store();
  },

  /** True when the tab was wiped, or went on with another chat, since this page was left (Back from the cache). */
  outlived() {
    return !traceless && stored(KEY) !== token;
  },
};
