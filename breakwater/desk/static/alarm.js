/* What every page of the desk tells: how many wait (title, count), and that a severe case waits
   (a line, and a sound if the counsellor switched it on). An immediate case rings until it is taken. */

const title = document.title;
const line = document.getElementById("alarm");
const count = document.getElementById("count");
const button = document.getElementById("sound");
const AGAIN_MS = 15000;
let audio = null;
let known = null;
let waiting = { count: 0, immediate: [], urgent: [] };

function wanted() {
  return sessionStorage.getItem("desk-sound") === "on";
}

function beep(times, pitch) {
  if (!audio || audio.state !== "running" || !wanted()) return;
  for (let i = 0; i < times; i++) {
    const start = audio.currentTime + i * 0.35;
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.15, start + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.3);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.32);
  }
}

function wake() {
  if (!wanted()) return;
  audio ??= Object.assign(new AudioContext(), { onstatechange: show });
  audio.resume();
}

function show() {
  if (!button) return;
  button.hidden = false;
  button.setAttribute("aria-pressed", String(wanted()));
  const heard = audio?.state === "running"; // browsers allow no sound before the first click on a page
  button.textContent = !wanted() ? "Sound: off" : heard ? "Sound: on" : "Sound: silent until you click";
}

export function tell(frame) {
  const before = known;
  waiting = frame;
  known = new Set([...frame.immediate, ...frame.urgent]);
  document.title = frame.count ? `(${frame.count}) ${title}` : title;
  count.hidden = !frame.count;
  count.textContent = frame.count;
  const words = [];
  if (frame.immediate.length) words.push(`${frame.immediate.length} immediate`);
  if (frame.urgent.length) words.push(`${frame.urgent.length} urgent`);
  const text = words.length ? `Waiting now: ${words.join(", ")}.` : "";
  line.hidden = !text || Boolean(document.getElementById("lists"));
  if (line.textContent !== text) line.textContent = text;
  const isNew = (id) => !before?.has(id);
  if (frame.immediate.some(isNew)) beep(3, 880);
  else if (frame.urgent.some(isNew)) beep(1, 520);
}

button?.addEventListener("click", () => {
  sessionStorage.setItem("desk-sound", wanted() ? "off" : "on");
  wake();
  show();
  if (wanted()) audio.resume().then(() => beep(1, 520));
});
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, wake, { once: true });
setInterval(() => waiting.immediate.length && beep(3, 880), AGAIN_MS);
wake();
show();
