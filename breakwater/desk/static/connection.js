/* The page's line to the server. It answers the beat, comes back by itself, and says when it is down. */

const shown = document.getElementById("link");
const idle = document.getElementById("idle");
const SIGNED_OUT = 4401;
const GONE = 4404;
const WARN_SECONDS = 180;
let touched = false;

for (const kind of ["keydown", "pointerdown", "wheel"]) {
  addEventListener(kind, () => {
    touched = true;
    idle.hidden = true;
  }, { passive: true });
}

function leave() {
  location.assign(`/desk/sign-in?next=${encodeURIComponent(location.pathname)}`);
}

/* hello() gives the first frame; handlers has a function for each type of frame. send(frame) is returned. */
export function connect(hello, handlers) {
  let socket = null;
  let pause = 500;

  function open() {
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/desk/ws`);
    socket.onopen = () => {
      pause = 500;
      socket.send(JSON.stringify({ type: "hello", ...hello() }));
    };
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(data);
      shown.textContent = "";
      shown.classList.remove("down");
      if (frame.type === "beat") beat(frame.left);
      else handlers[frame.type]?.(frame);
    };
    socket.onclose = ({ code }) => {
      if (code === SIGNED_OUT) return leave();
      if (code === GONE) return location.reload();
      shown.textContent = "No connection. Trying again…";
      shown.classList.add("down");
      setTimeout(open, pause);
      pause = Math.min(pause * 2, 15000);
    };
  }

  function beat(left) {
    send({ type: "beat", active: touched });
    if (left < WARN_SECONDS && !touched) {
      idle.textContent = `You will be signed out in ${Math.max(1, Math.round(left / 60))} minutes. Press any key to stay.`;
      idle.hidden = false;
    }
    touched = false;
  }

  function send(frame) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  }

  open();
  return send;
}

document.getElementById("sign-out")?.addEventListener("submit", () => {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("draft:")) sessionStorage.removeItem(key);
});
