/* What a counsellor sends: shown at once, marked sending, sent or failed, tried again with the same id. */

const TRIES = 3;
const PATIENCE_MS = 10000;

export class Outbox {
  constructor({ reply, transcript, csrf, draft, lost }) {
    Object.assign(this, { reply, transcript, csrf, draft, lost, text: reply.elements.text });
    this.queue = Promise.resolve();
    this.text.value ||= sessionStorage.getItem(draft) ?? "";
    const keep = () => sessionStorage.setItem(draft, this.text.value);
    this.text.addEventListener("input", keep);
    if (this.text.value) keep(); // typed before this script was there
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      reply.requestSubmit();
    });
    reply.addEventListener("submit", (event) => {
      event.preventDefault();
      this.say(this.text.value.trim());
    });
  }

  /* The bubble that stands for a message until the server shows it. */
  bubble(client) {
    return client && [...this.transcript.children].find((m) => m.dataset.client === client && !m.dataset.seq);
  }

  allow(mine) {
    document.getElementById("send").disabled = !mine;
    this.allowed = mine;
  }

  say(words) {
    if (!words || this.allowed === false) return;
    const client = crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
    const bubble = this.drawn(words, client);
    this.text.value = "";
    sessionStorage.removeItem(this.draft);
    this.queue = this.queue.then(() => this.post(bubble, words, client)); // in the order they were written
  }

  drawn(words, client) {
    const bubble = document.createElement("li");
    bubble.className = "message counsellor pending";
    bubble.dataset.client = `desk-${client}`;
    const by = bubble.appendChild(document.createElement("p"));
    by.className = "said-by";
    by.append("You ", Object.assign(document.createElement("span"), { className: "mark", textContent: "sending…" }));
    const said = bubble.appendChild(document.createElement("p"));
    said.className = "text";
    said.dir = "auto";
    said.textContent = words;
    this.transcript.append(bubble);
    this.transcript.scrollTo({ top: this.transcript.scrollHeight });
    return bubble;
  }

  async post(bubble, words, client) {
    const mark = bubble.querySelector(".mark");
    mark.textContent = "sending…";
    bubble.classList.remove("failed");
    for (let i = 0; i < TRIES; i++) {
      if (i) await new Promise((done) => setTimeout(done, 1000 * i));
      try {
        const answer = await fetch(this.reply.action, {
          method: "POST",
          body: new URLSearchParams({ text: words, client_id: client }),
          headers: { "X-Desk-Token": this.csrf },
          signal: AbortSignal.timeout(PATIENCE_MS),
        });
        if (answer.ok) {
          mark.textContent = "sent";
          bubble.classList.remove("pending");
          return;
        }
        if (answer.status < 500) return this.failed(bubble, words, client, await answer.json());
      } catch {
        /* no connection: try again */
      }
    }
    this.failed(bubble, words, client, { text: "Not sent: no connection." });
  }

  failed(bubble, words, client, { text, lost }) {
    const mark = bubble.querySelector(".mark");
    bubble.classList.add("failed");
    mark.textContent = `not sent. ${text} `;
    mark.setAttribute("role", "alert");
    if (lost) this.lost(text);
    const again = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: "Try again" });
    const edit = Object.assign(document.createElement("button"), { type: "button", className: "quiet", textContent: "Edit" });
    again.onclick = () => this.post(bubble, words, client);
    edit.onclick = () => {
      this.text.value = [words, this.text.value].filter(Boolean).join("\n");
      this.text.dispatchEvent(new Event("input"));
      bubble.remove();
      this.text.focus();
    };
    mark.append(again, " ", edit);
  }
}
