/* Change the page to what the server says, touching only what differs: focus, open panels, half-filled
   forms and the place of the reader stay as they are. Children with data-key are matched by it. */

export function morph(element, html) {
  const template = document.createElement("template");
  template.innerHTML = html; // rendered and escaped by our own server; scripts in it would not run
  children(element, template.content);
}

function children(now, next) {
  const keyed = new Map([...now.children].filter((c) => c.dataset.key).map((c) => [c.dataset.key, c]));
  let here = now.firstChild;
  for (const wanted of [...next.childNodes]) {
    const key = wanted.dataset?.key;
    const match = key ? keyed.get(key) : here && alike(here, wanted) ? here : null;
    if (!match) {
      now.insertBefore(wanted, here);
      continue;
    }
    if (match === here) here = here.nextSibling;
    else now.insertBefore(match, here);
    same(match, wanted);
  }
  while (here) {
    const after = here.nextSibling;
    here.remove();
    here = after;
  }
}

function alike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && !a.dataset?.key && a.id === b.id;
}

function same(now, next) {
  if (now.isEqualNode(next)) return;
  if (now.nodeType !== Node.ELEMENT_NODE) {
    now.nodeValue = next.nodeValue;
    return;
  }
  if (now.closest("form") && now.contains(document.activeElement)) return; // being filled in
  for (const { name } of [...now.attributes]) {
    if (!next.hasAttribute(name) && !(name === "open" && now.nodeName === "DETAILS")) now.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (now.getAttribute(name) !== value) now.setAttribute(name, value);
  }
  children(now, next);
}
