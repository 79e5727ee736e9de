/* A case: messages live both ways, a draft that survives, sending that is never in doubt. */

import { tell } from "./alarm.js";
import { localTimes, serverNow } from "./clocks.js";
import { connect } from "./connection.js";
import { morph } from "./morph.js";
import { Outbox } from "./outbox.js";

const main = document.getElementById("main");
const transcript = document.getElementById("transcript");
const typing = document.getElementById("typing");
const standing = document.getElementById("standing");
const reply = document.getElementById("reply");
const take = document.getElementById("take");
const { csrf, me } = document.body.dataset;
const id = main.dataset.case;
let seen = Number(main.dataset.since);
let typingGone = 0;
let typed = 0;
let answering = main.dataset.mine === "yes";

const atEnd = () => transcript.scrollHeight - transcript.scrollTop - transcript.clientHeight < 80;
const toEnd = () => transcript.scrollTo({ top: transcript.scrollHeight, behavior: "instant" });

function since() {
  const open = [...transcript.querySelectorAll("[data-undelivered][data-seq]")].map((m) => Number(m.dataset.seq));
  return Math.min(seen, ...open.map((seq) => seq - 1));
}

function place({ seq, person, html }) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  const message = template.content.firstElementChild;
  localTimes(template.content);
  const old = document.getElementById(`m-${seq}`) ?? outbox?.bubble(message.dataset.client);
  if (old) old.replaceWith(message);
  else {
    const next = [...transcript.children].find((m) => !m.dataset.seq || Number(m.dataset.seq) > seq);
    transcript.insertBefore(message, next ?? null);
  }
  seen = Math.max(seen, seq);
  if (person) typing.textContent = "";
}

const send = connect(() => ({ case: id, since: since() }), {
  waiting: tell,
  messages: ({ items }) => {
    const follow = atEnd();
    items.forEach(place);
    if (follow) toEnd();
  },
  part: ({ part, html }) => morph(document.getElementById(part), html),
  state: ({ mine, free, line }) => {
    if (mine && !reply) return location.reload();
    const lost = main.dataset.mine === "yes" && !mine;
    answering = mine;
    standing.textContent = lost ? `This case is no longer with you. ${line}` : line;
    standing.classList.toggle("lost", lost);
    take.hidden = !free;
    if (!reply) return;
    outbox.allow(mine);
    document.getElementById("ends").hidden = !mine;
  },
  typing: () => {
    typing.textContent = "The person is typing…";
    clearTimeout(typingGone);
    typingGone = setTimeout(() => (typing.textContent = ""), 6000);
  },
});

const outbox = reply && new Outbox({ reply, transcript, csrf, draft: `draft:${me}:${id}`, lost: (words) => {
  standing.textContent = words;
  standing.classList.add("lost");
} });

reply?.elements.text.addEventListener("input", () => {
  if (Date.now() - typed < 2500) return;
  typed = Date.now();
  send({ type: "typing" });
});

document.addEventListener("submit", async (event) => {
  if (!event.target.matches("form.correct")) return;
  event.preventDefault();
  const form = event.target;
  const answer = await fetch(form.action, {
    method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Desk-Token": csrf },
  }).catch(() => null);
  if (answer?.ok) {
    form.closest("details").open = false;
    form.closest("details").querySelector("summary").focus();
    return;
  }
  const words = answer ? (await answer.json()).text : "That could not be saved. Please try again.";
  let line = form.querySelector(".problem");
  line ??= form.appendChild(Object.assign(document.createElement("p"), { className: "problem", role: "alert" }));
  line.textContent = words;
});

/* Two minutes without an answer: after three the person is told that it takes a moment, after six (four in
   immediate danger) the case goes back (safeguarding rule 4). */
const nudge = document.getElementById("nudge");
const NUDGE_SECONDS = 120;

function answered() {
  const last = [...transcript.querySelectorAll(".message.person, .message.counsellor")].at(-1);
  if (!last?.matches(".person") || !answering) return true;
  return serverNow() - new Date(last.querySelector("time").dateTime) / 1000 < NUDGE_SECONDS || Date.now() - typed < 30_000;
}

if (nudge) setInterval(() => {
  const text = answered() ? "" : "They have waited two minutes for your answer. A short line is enough.";
  if (nudge.textContent !== text) nudge.textContent = text;
}, 1000);

let stay = true;
transcript.addEventListener("scroll", () => (stay = atEnd()), { passive: true });
new ResizeObserver(() => stay && toEnd()).observe(transcript); // a form that opens must not hide the last words
toEnd();
