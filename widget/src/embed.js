/**
 * The loader: one script tag on a helpline's page puts a button there, and behind it the chat in a frame.
 * docs/webmaster.md says what to paste, what can be set, and what must not be on such a page.
 *
 * The page learns no word of the chat: the frame is on another origin, and the messages between the two say `ready`,
 * `close`, `leave`, `unread`, `open`, each sent to the other's origin by name.
 */
(() => {
  'use strict';
  const script = document.currentScript;
  const chat = new URL(script.src).origin;
  if (chat === location.origin) {
    console.error('Breakwater: the chat must have a host name of its own, or this page could read it.');
    return;
  }
  const set = script.dataset;
  const label = set.label || 'Chat';
  const opens = set.open || 'Open the chat';
  const closes = set.close || 'Close the chat';
  const side = set.side === 'left' ? 'left' : 'right';
  const PRESSES = 3;
  const WITHIN = 5000; // ms
  const FRAME_WITHIN = 300; // ms that the frame gets to wipe the tab before the page goes

  /** A colour from the page's own custom properties; anything else is dropped. */
  const colour = (name) => {
    const found = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    return /^#[0-9a-f]{6}$/i.test(found) ? found.slice(1) : '';
  };

  // Written by the object model, which a strict style-src allows.
  const dress = (element, style) => Object.assign(element.style, { all: 'initial', boxSizing: 'border-box' }, style);

  const button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('aria-expanded', 'false');
  dress(button, {
    position: 'fixed', zIndex: '2147483647', bottom: 'max(1rem, env(safe-area-inset-bottom))', [side]: '1rem',
    minHeight: '3rem', maxWidth: 'calc(100vw - 2rem)', padding: '0.75rem 1.25rem', borderRadius: '0.75rem',
    border: '2px solid #ffffff', font: '600 1.0625rem/1.3 system-ui, sans-serif', cursor: 'pointer',
    color: 'var(--breakwater-on-accent, #ffffff)', background: 'var(--breakwater-accent, #17565e)',
  });
  const ring = (on) => Object.assign(button.style, { outline: on ? '3px solid #a34a00' : 'none', outlineOffset: '3px' });
  button.addEventListener('focus', () => ring(button.matches(':focus-visible')));
  button.addEventListener('blur', () => ring(false));

  const panel = document.createElement('div');
  panel.setAttribute('role', 'dialog');
  panel.setAttribute('aria-label', label);
  dress(panel, {
    position: 'fixed', zIndex: '2147483646', bottom: '0', [side]: '0', display: 'none', overflow: 'hidden',
    width: '26rem', maxWidth: '100%', height: '44rem', maxHeight: '100%', background: 'Canvas', colorScheme: 'light dark',
    border: '1px solid #76817f',
  });

  let frame;
  let ready = false;
  let leaving = false;
  let unread = 0;

  const isOpen = () => panel.style.display !== 'none';
  /** Above the frame, so that one that does not load can be closed; the chat has a way to close of its own. */
  const drawButton = () => {
    const words = isOpen() ? closes : opens;
    button.textContent = unread ? `${words} (${unread})` : words;
    button.style.visibility = isOpen() && ready ? 'hidden' : 'visible';
  };

  function makeFrame() {
    const about = new URLSearchParams({ host: location.origin, lang: set.lang || '' });
    about.set('accent', colour('--breakwater-accent'));
    about.set('dark', colour('--breakwater-accent-dark'));
    frame = document.createElement('iframe');
    frame.title = label;
    frame.referrerPolicy = 'no-referrer';
    // safeguarding.md rule 15: without popups and top navigation `tel:` and quick exit would do nothing.
    frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms allow-popups '
      + 'allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation');
    dress(frame, { display: 'block', width: '100%', height: '100%', border: '0', colorScheme: 'light dark' });
    frame.src = `${chat}/#${about}`;
    panel.append(frame);
  }

  function show(open) {
    if (open && !frame) makeFrame();
    panel.style.display = open ? 'block' : 'none';
    button.setAttribute('aria-expanded', String(open));
    unread = 0;
    drawButton();
    if (!open) button.focus();
    else {
      frame.focus();
      tell('open');
    }
  }

  const tell = (say) => frame.contentWindow.postMessage({ breakwater: say }, chat);

  /** Hide everything, let the frame wipe this tab's chat, and go where Back does not lead here. */
  function leave(to) {
    if (leaving) return;
    leaving = true;
    document.documentElement.style.setProperty('display', 'none', 'important');
    const away = /^https?:\/\//.test(to || '') ? to : set.exit || 'https://www.bbc.co.uk/weather';
    if (to || !frame) location.replace(away);
    else {
      tell('leave');
      setTimeout(() => location.replace(away), FRAME_WITHIN);
    }
  }

  addEventListener('message', (event) => {
    if (!frame || event.origin !== chat || event.source !== frame.contentWindow || !event.data) return;
    const say = event.data.breakwater;
    if (say === 'leave') {
      leaving = false;
      leave(String(event.data.to));
    } else if (say === 'close') show(false);
    else {
      ready = true;
      if (say === 'unread' && !isOpen()) unread += 1;
      drawButton();
    }
  });

  // Three Shifts, each alone, as inside the frame.
  let alone = false;
  let pressed = [];
  addEventListener('keydown', (event) => {
    if (event.key === 'Shift') alone = alone || !event.repeat;
    else {
      alone = false;
      pressed = [];
    }
    if (event.key === 'Escape' && isOpen()) show(false);
  });
  addEventListener('keyup', (event) => {
    if (event.key !== 'Shift' || !alone || !frame) return;
    pressed = [...pressed, Date.now()].slice(-PRESSES);
    if (pressed.length === PRESSES && Date.now() - pressed[0] < WITHIN) leave('');
  });
  // Back may bring this page from the browser's memory as it was left: then it starts anew, without the chat.
  addEventListener('pageshow', (event) => {
    if (event.persisted && leaving) location.reload();
  });

  button.addEventListener('click', () => show(!isOpen()));
  drawButton();
  const put = () => document.body.append(button, panel);
  if (document.body) put();
  else addEventListener('DOMContentLoaded', put);
})();
