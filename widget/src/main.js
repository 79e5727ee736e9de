// @ts-check
/** The chat page: what the server says goes to the log, what the person says goes to the server. */
import { openComposer } from './composer.js';
import { openConnection } from './connection.js';
import { find, make } from './dom.js';
import { openExit } from './exit.js';
import { around, dress } from './frame.js';
import { newId } from './frames.js';
import { askReturn, openHelp } from './help.js';
import { openLog, whoSpeaks } from './log.js';
import { memory } from './memory.js';
import { speak, worded } from './texts.js';
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
/** Ids of the messages with which the person asks to hide what is on the screen. */
const hiding = new Set();
/** @type {ReturnType<typeof openConnection>} */
let connection;

const view = openView(scroll, find('newest'), tellSeen);
const log = openLog(find('log'), {
  tap: (seq, button) => {
    const id = newId();
    view.goTo(log.say(id, button.title));
    connection.send({ type: 'tap', id, seq, payload: button.payload });
  },
  retry: (id) => {
    log.mark(id, 'sending');
    connection.retry(id);
  },
});
const composer = openComposer({
  say: speakUp,
  typing: () => connection.mention({ type: 'typing' }),
  refuse: (kind) => connection.send({ type: 'media_refused', id: newId(), kind, caption: '' }),
});

const help = openHelp({
  say: speakUp,
  ask: (type) => connection.mention({ type }),
  found: comeBack,
});
const exit = openExit(() => connection && connection.stop());

/** @param {string} text */
function speakUp(text) {
  const id = newId();
  if (text.toLowerCase().replace(/[^\p{L}]/gu, '') === worded('hide_word')) hiding.add(id);
  view.goTo(log.say(id, text));
  connection.send({ type: 'say', id, text });
}

/** Come-back words opened a chat: the person chooses before anything of it is shown. @param {string} token */
function comeBack(token) {
  const goOn = () => {
    connection.forget();
    forgetPage();
    memory.keep(token);
    say();
    connection.renew();
  };
  const fresh = () => {
    say();
    composer.show(true);
    composer.invite();
  };
  composer.show(false);
  log.withdraw();
  say(askReturn({ goOn, fresh }));
  state.querySelector('button').focus();
}

/** What each frame of the server does to the page. @type {Record<string, (frame: any, answers?: import('./frames.js').Sent) => void>} */
const hears = {
  welcome(frame) {
    if (frame.exit_url) exit.leadTo(frame.exit_url);
    if (frame.helpline) find('page').querySelector('[data-helpline]').textContent = worded('chat_with', { helpline: frame.helpline });
    if (frame.max) composer.limit(frame.max);
    find('move').hidden = !frame.telegram;
    setSpeaker(frame);
    setOtherTabs(frame.other_tabs);
    if (state.querySelector('[data-back]')) return; // the neutral question stands until it is answered
    if (empty && !frame.token && frame.seq > 1) log.hush();
    log.resending();
    composer.show(true);
    composer.invite();
  },
  refused(frame) {
    if (frame.reason !== 'unknown_token' && frame.reason !== 'link_over') return;
    const unsent = connection.forget().map((sent) => (sent.type === 'say' ? sent.text : ''));
    forgetPage();
    composer.giveBack(unsent.filter(Boolean).join('\n'));
    composer.tell(worded(frame.reason === 'link_over' ? 'link_over' : 'gone'));
    connection.renew();
  },
  message(frame) {
    if (frame.from !== 'person') setTyping(null);
    const node = log.show(frame);
    if (!node) return;
    if (frame.from === 'person') view.goTo(null);
    else if (empty) view.look(); // the greeting is read from the top of the page
    else view.added(node, frame.from !== 'assistant');
    empty = false;
    if (frame.from !== 'person') around.tell('unread');
  },
  accepted(frame) {
    log.accept(frame.id, frame.seq);
    if (!hiding.delete(frame.id)) return;
    memory.hide(frame.seq);
    log.clear();
    help.forget();
  },
  words: (frame) => help.words(frame.words),
  wait(frame) {
    find('wait').textContent = frame.state ? worded(`wait_${frame.state}`, frame) : '';
    view.follow();
  },
  rejected(frame, answers) {
    log.take(frame.id);
    if (answers && answers.type === 'say') composer.giveBack(answers.text);
    composer.tell(frame.text);
  },
  typing: (frame) => setTyping(frame.from),
  speaker: setSpeaker,
  other_tabs: (frame) => setOtherTabs(frame.open),
  erased: () => end('erased'),
  moved: () => end('moved'),
  move: (frame) => help.move(frame),
};

/** The chat is not here any more. @param {'erased' | 'moved'} why */
function end(why) {
  connection.forget();
  connection.stop();
  forgetPage();
  composer.show(false);
  find('speaker').hidden = true;
  const again = make('button', { type: 'button' }, worded('again'));
  again.onclick = () => location.reload();
  say(worded(why), again);
}

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
  find('tabs').textContent = open ? worded('other_tabs') : '';
}

/** @param {'assistant' | 'counsellor' | null} from */
function setTyping(from) {
  clearTimeout(typingTimer);
  typing.hidden = !from;
  if (!from) return;
  const name = from === answering.speaker ? answering.name : null;
  typing.textContent = worded('typing', { who: name || whoSpeaks(from, name) });
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
  help.forget();
  find('wait').textContent = '';
  setTyping(null);
  setOtherTabs(false);
  empty = true;
  seenUpTo = 0;
}

/** @param {'up' | 'down'} line @param {number} failures */
function onLine(line, failures) {
  find('help').dataset.help = line === 'down' && failures >= FAILURES_TO_TELL ? 'shown' : 'ready';
  if (state.querySelector('[data-back]')) return;
  if (line === 'up') {
    say();
  } else if (!breakTimer) {
    breakTimer = window.setTimeout(() => say(worded('reconnecting')), SHORT_BREAK);
  }
}

speak(around.language()).then(() => {
  dress();
  setSpeaker(answering);
  ['live', 'menu'].forEach((id) => (find(id).hidden = false));
  find('close').hidden = !around.held();
  find('close').onclick = () => around.tell('close');
  help.showTrace();
  say(worded('connecting'));
  connection = openConnection({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/chat/ws`,
    pollUrl: '/chat/poll',
    hear: (frame, answers) => hears[frame.type] && hears[frame.type](frame, answers),
    line: onLine,
    late: (id) => log.mark(id, 'failed'),
  });
  find('help').dataset.help = 'ready';
  around.tell('ready');
});
around.listen((say) => {
  if (say === 'leave') exit.leave();
  else if (say === 'open') composer.invite();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !event.defaultPrevented) around.tell('close');
});
document.addEventListener('visibilitychange', () => connection && tellSeen());
fitKeyboard(find('page'));
