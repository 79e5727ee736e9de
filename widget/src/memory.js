// @ts-check
/**
 * The token of the conversation. It lives in this tab's sessionStorage and nowhere else on the device;
 * where a browser forbids storage it lives in memory and the chat ends with the page.
 */
const KEY = 'chat';

/** @type {string | null} */
let token = null;
token = stored();

/** @returns {string | null} what the tab holds now */
function stored() {
  try {
    return sessionStorage.getItem(KEY);
  } catch (_) {
    return token;
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
    try {
      sessionStorage.setItem(KEY, fresh);
    } catch (_) {
      // The token in memory is enough for this page.
    }
  },

  wipe() {
    token = null;
    try {
      sessionStorage.clear();
    } catch (_) {
      // There was nothing to wipe.
    }
  },

  /** True when the tab was wiped, or went on with another chat, since this page was left (Back from the cache). */
  outlived() {
    return stored() !== token;
  },
};
