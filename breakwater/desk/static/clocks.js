/* Times: waiting clocks that tick, and the hours of messages in the counsellor's own time zone. */

const main = document.getElementById("main");
const offset = Number(main.dataset.now) - Date.now() / 1000; // the laptop's clock may be wrong

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

export const serverNow = () => Date.now() / 1000 + offset;

export function tick() {
  const now = serverNow();
  for (const element of document.querySelectorAll("[data-since] > .clock")) {
    const { since, target } = element.parentElement.dataset;
    const passed = now - Number(since);
    const text = clock(passed);
    if (element.textContent !== text) element.textContent = text;
    const late = target !== undefined && passed > Number(target);
    element.parentElement.classList.toggle("over", late);
    const mark = element.parentElement.querySelector(".late");
    if (mark) mark.hidden = !late;
  }
}

const days = new Intl.DateTimeFormat([], { dateStyle: "short" });
const hours = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit" });

export function localTimes(within = document) {
  for (const element of within.querySelectorAll("time[datetime]")) {
    const at = new Date(element.dateTime);
    const today = days.format(at) === days.format(new Date());
    element.textContent = today ? hours.format(at) : `${days.format(at)} ${hours.format(at)}`;
  }
}

localTimes();
tick();
setInterval(tick, 1000);
