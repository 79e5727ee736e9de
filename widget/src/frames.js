// @ts-check
/**
 * The shapes of docs/web-protocol.md, and the ids of what the client sends.
 *
 * @typedef {{title: string, payload: string}} Button
 * @typedef {{kind: 'line', name: string, dial: string | null, tel: string | null, status: string | null,
 *   url: string | null, sms: string | null, keyword: string | null}} LineCard
 * @typedef {{kind: 'link', name: string, url: string, note: string | null}} LinkCard
 * @typedef {'person' | 'assistant' | 'counsellor' | 'notice'} From
 * @typedef {{type: 'message', seq: number, from: From, name: string | null, text: string,
 *   buttons: Button[], cards: (LineCard | LinkCard)[], at: string, id: string | null}} Message
 * @typedef {{type: 'say', id: string, text: string}
 *   | {type: 'tap', id: string, seq: number, payload: string}
 *   | {type: 'media_refused', id: string, kind: string, caption: string}} Sent
 */

/** @returns {string} 128 random bits; `randomUUID` is missing in Safari before 15.4 and on plain http */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (byte + 0x100).toString(16).slice(1)).join('');
}
