// @ts-check
/** The chat page: what the server says goes to the log, what the person says goes to the server. */
import { openComposer } from './composer.js';
import { openConnection } from './connection.js';
import { find, make } from './dom.js';
import { openExit } from './exit.js';
import { newId } from './frames.js';
import { openLog, whoSpeaks } from './log.js';
import { memory } from './memory.js';
import { texts } from './texts.js';
import { fitKeyboard, openView } from './view.js';

const TYPING_LASTS = 6000; // ms, docs/web-protocol.md
const SHORT_BREAK = 1500; // ms; a shorter one is not worth a word
const FAILURES_TO_TELL = 4; // about ten seconds

const state = find('state');
const scroll = find('scroll');
const typing = find('typing');
/** @type {{speaker: 'assistant' | 'counsellor', name: string | null}} */
let answering = { speaker: 'assistant', name: null };
let empty = true;
let seenUpTo = 0;
let breakTimer = 0;
let typingTimer = 0;

const view = openView(scroll, find('newest'), tellSeen);
const log = openLog(find('log'), {
  tap: (seq, button) => {
    const id = newId();
    view.wrote(log.say(id, button.title));
    connection.send({ type: 'tap', id, seq, payload: button.payload });
  },
  retry: (id) => {
    log.mark(id, 'sending');
    connection.retry(id);
  },
});
const composer = openComposer({
  say: (text) => {
    const id = newId();
    view.wrote(log.say(id, text));
    connection.send({ type: 'say', id, text });
  },
  typing: () => connection.mention({ type: 'typing' }),
  refuse: (kind) => connection.send({ type: 'media_refused', id: newId(), kind, caption: '' }),
});

/** What each frame of the server does to the page. @type {Record<string, (frame: any, answers?: import('./frames.js').Sent) => void>} */
const hears = {
  welcome(frame) {
    if (frame.exit_url) exit.leadTo(frame.exit_url);
    if (frame.helpline) find('page').querySelector('[data-helpline]').textContent = texts.chat_with(frame.helpline);
    if (frame.max) composer.limit(frame.max);
    setSpeaker(frame);
    setOtherTabs(frame.other_tabs);
    if (empty && !frame.token && frame.seq > 1) log.hush();
    log.resending();
    composer.show(true);
    composer.invite();
  },
  refused(frame) {
    if (frame.reason !== 'unknown_token') return;
    const unsent = connection.forget().map((sent) => (sent.type === 'say' ? sent.text : ''));
    forgetPage();
    composer.giveBack(unsent.filter(Boolean).join('\n'));
    composer.tell(texts.gone);
    connection.renew();
  },
  message(frame) {
    if (frame.from !== 'person') setTyping(null);
    const node = log.show(frame);
    if (!node) return;
    if (frame.from === 'person') view.toEnd();
    else if (empty) view.look(); // the greeting is read from the top of the page
    else view.added(node);
    empty = false;
  },
  accepted: (frame) => log.accept(frame.id, frame.seq),
  rejected(frame, answers) {
    log.take(frame.id);
    if (answers && answers.type === 'say') composer.giveBack(answers.text);
    composer.tell(frame.text);
  },
  typing: (frame) => setTyping(frame.from),
  speaker: setSpeaker,
  other_tabs: (frame) => setOtherTabs(frame.open),
  erased() {
    connection.forget();
    connection.stop();
    forgetPage();
    composer.show(false);
    find('speaker').hidden = true;
    const again = make('button', { type: 'button', 'data-again': '' }, texts.again);
    again.onclick = () => location.reload();
    say(texts.erased, again);
  },
};

/** @param {...(Node | string)} words  the status line; empty to clear it */
function say(...words) {
  clearTimeout(breakTimer);
  breakTimer = 0;
  state.textContent = '';
  state.append(...words);
  view.follow();
}

/** @param {{speaker: 'assistant' | 'counsellor', name: string | null}} frame */
function setSpeaker({ speaker, name }) {
  answering = { speaker, name };
  const words = whoSpeaks(speaker, name);
  const shown = find('speaker').querySelector('[data-speaker]');
  if (shown.textContent !== words) shown.textContent = words;
  shown.dataset.speaker = speaker;
}

/** @param {boolean} open */
function setOtherTabs(open) {
  find('tabs').textContent = open ? texts.other_tabs : '';
}

/** @param {'assistant' | 'counsellor' | null} from */
function setTyping(from) {
  clearTimeout(typingTimer);
  typing.hidden = !from;
  if (!from) return;
  const name = from === answering.speaker ? answering.name : null;
  typing.textContent = texts.typing(name || whoSpeaks(from, name));
  typing.append(make('span', { 'aria-hidden': 'true' }, make('span'), make('span'), make('span')));
  typingTimer = window.setTimeout(() => setTyping(null), TYPING_LASTS);
  view.follow();
}

function tellSeen() {
  if (document.hidden) return;
  const seq = log.seenAbove(scroll.getBoundingClientRect().bottom);
  if (seq <= seenUpTo) return;
  seenUpTo = seq;
  connection.mention({ type: 'seen', seq });
}

function forgetPage() {
  log.clear();
  setTyping(null);
  setOtherTabs(false);
  empty = true;
  seenUpTo = 0;
}

/** @param {'up' | 'down'} line @param {number} failures */
function onLine(line, failures) {
  find('help').dataset.help = line === 'down' && failures >= FAILURES_TO_TELL ? 'shown' : 'ready';
  if (line === 'up') {
    say();
  } else if (!breakTimer) {
    breakTimer = window.setTimeout(() => say(texts.reconnecting), SHORT_BREAK);
  }
}

document.querySelectorAll('[data-text]').forEach((element) => {
  const key = /** @type {HTMLElement} */ (element).dataset.text;
  element.textContent = /** @type {any} */ (texts)[key || ''];
});
document.querySelectorAll('[data-text-label]').forEach((element) => {
  const key = /** @type {HTMLElement} */ (element).dataset.textLabel;
  element.setAttribute('aria-label', /** @type {any} */ (texts)[key || '']);
});
setSpeaker(answering);
find('live').hidden = false;
say(texts.connecting);

const connection = openConnection({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/chat/ws`,
  hear: (frame, answers) => hears[frame.type] && hears[frame.type](frame, answers),
  line: onLine,
  late: (id) => log.mark(id, 'failed'),
});
const exit = openExit(connection.stop);
find('help').dataset.help = 'ready';
document.addEventListener('visibilitychange', tellSeen);
fitKeyboard(find('page'));
