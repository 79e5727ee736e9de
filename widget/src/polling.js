// @ts-check
/**
 * The line where WebSockets are blocked: POST and answers that wait (docs/web-protocol.md). It looks like a WebSocket,
 * as far as connection.js needs one.
 */
export class Polling {
  /** @param {string} url */
  constructor(url) {
    this.url = url;
    /** @type {string | null} */
    this.token = null;
    this.seq = 0;
    this.open = true;
    this.waiting = new AbortController();
    /** @type {Promise<void>} */
    this.turn = Promise.resolve();
    /** @type {() => void} */
    this.onopen = () => {};
    /** @type {(event: {data: string}) => void} */
    this.onmessage = () => {};
    /** @type {() => void} */
    this.onclose = () => {};
    setTimeout(() => this.onopen());
  }

  /** One after the other, in the order in which they were said. @param {string} data */
  send(data) {
    const frame = JSON.parse(data);
    if (frame.type === 'hello') {
      this.token = frame.token;
      this.seq = frame.seq;
    }
    this.turn = this.turn.then(() => this.ask([frame], false));
  }

  close() {
    this.open = false;
    this.waiting.abort();
  }

  /** @param {object[]} frames @param {boolean} wait */
  async ask(frames, wait) {
    if (!this.open) return;
    try {
      const answer = await fetch(this.url, {
        method: 'POST',
        body: JSON.stringify({ token: this.token, seq: this.seq, frames, wait }),
        signal: this.waiting.signal,
      });
      if (!answer.ok) throw answer.status;
      const heard = (await answer.json()).frames;
      if (!this.open) return;
      heard.forEach((/** @type {any} */ frame) => this.hear(frame));
    } catch (_) {
      if (this.open) {
        this.open = false;
        this.onclose();
      }
    }
  }

  /** @param {any} frame */
  hear(frame) {
    if (frame.type === 'message') this.seq = Math.max(this.seq, frame.seq);
    this.onmessage({ data: JSON.stringify(frame) });
    if (frame.type !== 'welcome') return;
    this.token = frame.token || this.token;
    this.listen();
  }

  async listen() {
    while (this.open) await this.ask([], true);
  }
}
