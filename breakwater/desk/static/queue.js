/* The queue page: lists that change by themselves, and the key t. */

import { tell } from "./alarm.js";
import { localTimes, tick } from "./clocks.js";
import { connect } from "./connection.js";
import { morph } from "./morph.js";

const lists = document.getElementById("lists");
const told = document.getElementById("told");
const take = document.getElementById("take-next");
const key = document.getElementById("key");

connect(() => ({ case: null }), {
  part: ({ html }) => {
    morph(lists, html);
    localTimes(lists);
    tick();
  },
  waiting: (frame) => {
    tell(frame);
    const text = `${frame.count} waiting, ${frame.immediate.length} immediate.`;
    if (told.textContent !== text) told.textContent = text;
  },
});

function useKey() {
  document.getElementById("key-hint").hidden = !key.checked;
  if (key.checked) take.setAttribute("aria-keyshortcuts", "t");
  else take.removeAttribute("aria-keyshortcuts");
}

document.getElementById("key-switch").hidden = false;
key.checked = localStorage.getItem("desk-key") !== "off";
key.addEventListener("change", () => {
  localStorage.setItem("desk-key", key.checked ? "on" : "off");
  useKey();
});
useKey();

addEventListener("keydown", (event) => {
  const field = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  if (event.key !== "t" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (!key.checked || field) return;
  event.preventDefault();
  take.form.requestSubmit(take);
});

take.form.addEventListener("submit", () => {
  told.textContent = "Taking the next case.";
});
