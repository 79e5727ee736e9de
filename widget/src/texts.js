// @ts-check
/**
 * Every English word that the page itself says. What the assistant and the counsellors say comes from the server.
 * The words of index.html that must be there without JavaScript (exit link, help, noscript) stand in that file too.
 * Short sentences, no blame, no promise that cannot be kept: protocol.md §2.7.
 */
export const texts = {
  chat: 'Chat',
  messages: 'Messages',
  chat_with: (/** @type {string} */ helpline) => `Chat with ${helpline}`,

  assistant: 'Automated helper',
  counsellor: 'Counsellor',
  counsellor_named: (/** @type {string} */ name) => `${name}, counsellor`,
  person: 'You',
  notice: 'Notice',
  talking_to: 'You are talking to',

  your_message: 'Your message',
  send: 'Send',
  answers: 'Answers you can tap',
  newest: 'More below',
  typing: (/** @type {string} */ who) => `${who} is typing`,

  sending: 'Sending…',
  sent: 'Sent',
  failed: 'Not sent. Tap to try again',

  connecting: 'Connecting…',
  reconnecting: 'Reconnecting… Your words are kept here.',
  gone: 'The earlier chat is not here any more. This is a new one.',
  erased: 'This chat is deleted. This page has forgotten it too.',
  again: 'Start a new chat',
  other_tabs: 'This chat is also open in another tab or on another device.',

  too_long: (/** @type {number} */ size, /** @type {number} */ max) =>
    `That is ${size} characters. The limit is ${max}. Your words are still here. You can send them in parts.`,
  no_files: 'Pictures and files cannot be sent here. It has not left your device. You can tell us in words.',

  call: (/** @type {string} */ number) => `Call ${number}`,
  text: (/** @type {string} */ number) => `Text ${number}`,
  text_word: (/** @type {string} */ word, /** @type {string} */ number) => `Text ${word} to ${number}`,
  open: (/** @type {string} */ name) => `Open ${name}`,
  new_tab: 'new tab',

  exit: 'Leave this page',
  shifts_left: (/** @type {number} */ left) =>
    left === 1 ? 'Press Shift 1 more time to leave.' : `Press Shift ${left} more times to leave.`,
  shifts_over: 'You are still on this page.',
  leave_note: 'You can leave at any time. That does not clear your browser history.',
  leave_keys: 'To leave fast, press Shift 3 times.',
  private: 'What can others see?',
  private_tab: 'Someone can open a closed tab again. So use Leave this page. Then the chat is off this screen.',
  private_history: 'Your browser history can show that you opened this page. You can delete it there.',
  private_network: 'Your internet provider or school may see that you opened this site, not what you write.',
  private_here: 'We never ask for money, passwords, codes or pictures.',
};
