// @ts-check
/**
 * The one line of the page: a WebSocket, or long polling where a filter blocks that. It says hello, resumes after the last message heard, and reconnects by itself.
 * What the person sent is kept until the server says `accepted` or `rejected`, and sent again after every welcome;
 * the server stores an id once, so sending twice is harmless.
 */
import { around } from './frame.js';
import { memory } from './memory.js';
import { Polling } from './polling.js';

/** @typedef {import('./frames.js').Sent} Sent */

const WELCOME_WITHIN = 10000; // ms
const ACCEPTED_WITHIN = 8000; // ms; after that the line counts as dead, however open the socket looks
const SILENCE = 120000; // ms; a phone network can drop a line unnoticed, and a new hello is the only way to ask
const LONGEST_WAIT = 15000; // ms between two attempts
const BLOCKED = 2; // sockets that failed before every other try goes without one
const STEADY = 5000; // ms; only a line that held this long makes the next wait short again

/**
 * @param {{url: string, pollUrl: string,
 *   hear: (frame: any, answers?: Sent) => void,
 *   line: (state: 'up' | 'down', failures: number) => void,
 *   late: (id: string) => void}} listener
 *   `answers` is what was sent, when a frame answers it; `late`: not accepted in time, still kept, still tried
 */
export function openConnection({ url, pollUrl, hear, line, late }) {
  /** @type {WebSocket | Polling | null} */
  let socket = null;
  let welcomed = false;
  let stopped = false;
  let last = 0;
  let failures = 0;
  let polls = false;
  let heardAt = Date.now();
  let welcomedAt = 0;
  let hiddenAt = 0;
  let timer = 0;
  /** @type {Map<string, {frame: Sent, since: number, late: boolean}>} */
  const unanswered = new Map();

  function connect() {
    clearTimeout(timer);
    if (stopped || socket) return;
    const polling = polls || (failures >= BLOCKED && failures % 2 === 0);
    const own = polling ? new Polling(pollUrl) : new WebSocket(url);
    socket = own;
    timer = window.setTimeout(drop, WELCOME_WITHIN);
    own.onopen = () => own.send(JSON.stringify({ type: 'hello', token: memory.token(), seq: Math.max(last, memory.hidden()), move: around.move() }));
    own.onmessage = (event) => {
      if (own !== socket) return;
      const frame = JSON.parse(event.data);
      if (frame.type === 'welcome') polls = polling;
      if (frame.type === 'welcome' || frame.type === 'refused') around.moved();
      read(frame);
    };
    own.onclose = () => {
      if (own === socket) drop();
    };
  }

  /** Give the line up and try again after a growing wait. */
  function drop() {
    clearTimeout(timer);
    const old = socket;
    socket = null;
    if (old) old.close();
    if (stopped) return;
    if (welcomed && Date.now() - welcomedAt > STEADY) failures = 0;
    welcomed = false;
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** failures) * (0.75 + Math.random() / 2);
    failures += 1;
    line('down', failures);
    timer = window.setTimeout(connect, wait);
  }

  /** Try again now, on a fresh line. */
  function renew() {
    if (stopped) return;
    drop();
    failures = 0;
    connect();
  }

  /** @param {any} frame */
  function read(frame) {
    heardAt = Date.now();
    if (frame.type === 'message') last = Math.max(last, frame.seq);
    const kept = unanswered.get(frame.id);
    unanswered.delete(frame.id);
    if (frame.type === 'welcome') {
      clearTimeout(timer);
      if (frame.token) memory.keep(frame.token);
      welcomed = true;
      welcomedAt = heardAt;
    }
    hear(frame, kept && kept.frame);
    if (frame.type === 'welcome') {
      line('up', 0);
      unanswered.forEach(write);
    }
  }

  /** @param {{frame: Sent, since: number, late: boolean}} kept */
  function write(kept) {
    kept.since = Date.now();
    kept.late = false;
    if (socket && welcomed) socket.send(JSON.stringify(kept.frame));
  }

  function watch() {
    const now = Date.now();
    let dead = welcomed && !document.hidden && now - heardAt > SILENCE;
    unanswered.forEach((kept, id) => {
      if (kept.late || now - kept.since < ACCEPTED_WITHIN) return;
      kept.late = true;
      dead = dead || welcomed;
      late(id);
    });
    if (dead) renew();
  }

  function onVisibility() {
    if (document.hidden) hiddenAt = Date.now();
    else if (!welcomed || Date.now() - hiddenAt > 30000) renew();
  }

  const watching = window.setInterval(watch, 1000);
  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('online', renew);
  window.addEventListener('offline', drop);
  connect();

  return {
    renew,

    /** Keep a frame until it is answered. @param {Sent} frame */
    send(frame) {
      const kept = { frame, since: 0, late: false };
      unanswered.set(frame.id, kept);
      write(kept);
    },

    /** A frame that need not arrive (`typing`, `seen`). @param {object} frame */
    mention(frame) {
      if (socket && welcomed) socket.send(JSON.stringify(frame));
    },

    /** Send one kept frame again, as the person asked. @param {string} id */
    retry(id) {
      const kept = unanswered.get(id);
      if (!kept) return;
      write(kept);
      if (!welcomed) renew();
    },

    /** Forget this conversation. @returns {Sent[]} what was never answered */
    forget() {
      const left = Array.from(unanswered.values(), (kept) => kept.frame);
      unanswered.clear();
      last = 0;
      memory.wipe();
      return left;
    },

    /** Never connect again. */
    stop() {
      stopped = true;
      clearInterval(watching);
      drop();
    },
  };
}
