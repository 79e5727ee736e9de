// @ts-check
/** What part of the conversation is in view, also above an on-screen keyboard. */

const SLACK = 24; // px that count as "at the end"
const MARGIN = 8;

/**
 * New messages come into view from the top: the first one since the person last wrote or scrolled is never pushed
 * out by the assistant, which may say much at once; a counsellor's words are seen when they come. Who has scrolled up
 * is left in peace and sees a button.
 *
 * @param {HTMLElement} scroll @param {HTMLElement} newest @param {() => void} seen  what is in view has changed
 */
export function openView(scroll, newest, seen) {
  /** @type {HTMLElement | null} */
  let first = null;
  let following = false;
  let wait = 0;

  function atEnd() {
    return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < SLACK;
  }

  function settle() {
    newest.hidden = atEnd();
    clearTimeout(wait);
    wait = window.setTimeout(seen, 300);
  }

  function follow() {
    if (following) {
      const end = scroll.scrollHeight - scroll.clientHeight;
      const top = first ? first.offsetTop - MARGIN : end;
      scroll.scrollTop = Math.max(scroll.scrollTop, Math.min(end, top));
    }
    settle();
  }

  /** Whatever was in view. @param {HTMLElement | null} node  null: to the end */
  function goTo(node) {
    first = node;
    following = true;
    follow();
  }

  function byHand() {
    first = null;
    following = atEnd();
  }

  ['wheel', 'touchmove', 'keydown', 'pointerdown'].forEach((kind) =>
    scroll.addEventListener(kind, () => setTimeout(byHand, 150), { passive: true }),
  );
  scroll.addEventListener('scroll', () => {
    if (atEnd()) following = true;
    settle();
  });
  // The composer grows, a keyboard opens: what was in view stays in view.
  if (window.ResizeObserver) new ResizeObserver(follow).observe(scroll);
  newest.addEventListener('click', () => {
    goTo(null);
    scroll.focus({ preventScroll: true });
  });

  return {
    follow,
    /** What is shown is read from where it is. */
    look() {
      following = atEnd();
      settle();
    },
    goTo,
    /** @param {HTMLElement} node  one that was just added @param {boolean} now  it may push others out of view */
    added(node, now) {
      if (now || !first || !first.isConnected) first = node;
      follow();
    },
  };
}

/**
 * iOS draws the keyboard over the page, and the exit link would scroll away with it. So the page is fitted into what
 * can be seen, except while it is magnified by pinching.
 * @param {HTMLElement} page
 */
export function fitKeyboard(page) {
  const seen = window.visualViewport;
  if (!seen) return;
  const fit = () => {
    if (seen.scale > 1.01) return;
    page.style.height = `${seen.height}px`;
    page.style.top = `${seen.offsetTop}px`;
  };
  seen.addEventListener('resize', fit);
  seen.addEventListener('scroll', fit);
}
