// @ts-check
/**
 * What the chat and the page around it say to each other, when embed.js has put it into a frame. The loader names its
 * own origin and the colours in the part of the address after `#`, which no server sees; each message goes to that
 * origin alone, and carries no word of the chat.
 */
const told = new URLSearchParams(location.hash.slice(1));
let move = told.get('move');
if (move) history.replaceState(null, '', location.pathname); // it opens a chat: it does not stay in the address
const host = window.parent === window ? '' : told.get('host') || '';

/** Readable on the page's own paper: WCAG 2.2 AA asks for 4.5. */
const CONTRAST = 4.5;

export const around = {
  /** @returns {boolean} */
  held() {
    return Boolean(host);
  },

  /** @returns {string | undefined} the one-time link from Telegram with which this page was opened, while it is new */
  move() {
    return move || undefined;
  },

  /** The link was used, or it is over. */
  moved() {
    move = null;
  },

  /** @returns {string} the language that the page asks for */
  language() {
    return told.get('lang') || '';
  },

  /** @param {'ready' | 'close' | 'leave' | 'unread'} say @param {object} [more] */
  tell(say, more = {}) {
    if (host) window.parent.postMessage({ breakwater: say, ...more }, host);
  },

  /** @param {(say: string) => void} hear  `open`, `leave` */
  listen(hear) {
    window.addEventListener('message', (event) => {
      if (host && event.origin === host && event.source === window.parent && event.data) hear(event.data.breakwater);
    });
  },
};

/** @param {string} hex @returns {number} relative luminance, WCAG */
function light(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {string} one @param {string} other */
function contrast(one, other) {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** The host's colour for what can be tapped. Only a colour is taken, and only one that can be read. */
export function dress() {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const root = document.documentElement.style;
  const put = () => {
    const colour = `#${told.get(dark.matches ? 'dark' : 'accent')}`;
    ['--act', '--on-act'].forEach((name) => root.removeProperty(name));
    const paper = dark.matches ? '#1f272b' : '#ffffff';
    if (!/^#[0-9a-f]{6}$/i.test(colour) || contrast(colour, paper) < CONTRAST) return;
    root.setProperty('--act', colour);
    root.setProperty('--on-act', contrast(colour, '#ffffff') >= CONTRAST ? '#ffffff' : '#13181b');
  };
  dark.addEventListener('change', put);
  put();
}
