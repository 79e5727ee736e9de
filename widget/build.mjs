/**
 * Builds widget/dist from widget/src and widget/texts: `npm ci && npm run build` in this folder. One tool, esbuild,
 * pinned by package-lock.json, so that the same sources give the same bytes everywhere. dist is committed: only who
 * changes the widget needs Node. `scripts/check-widget` looks, without Node, whether dist belongs to the sources.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const at = (path) => new URL(path, import.meta.url).pathname;
const read = (path) => readFileSync(at(path), 'utf8');
const write = (name, text) => writeFileSync(at(`dist/${name}`), text);

rmSync(at('dist'), { recursive: true, force: true });
mkdirSync(at('dist/texts'), { recursive: true });
await build({
  entryPoints: [
    { in: at('src/main.js'), out: 'chat' },
    { in: at('src/chat.css'), out: 'chat' },
    { in: at('src/embed.js'), out: 'embed' },
  ],
  outdir: at('dist'), bundle: true, minify: true, charset: 'utf8', format: 'esm', legalComments: 'none',
  target: ['chrome80', 'firefox78', 'safari13'], logLevel: 'warning',
});
write('chat.html', read('src/index.html').replace(/^\s+/gm, ''));

const english = Object.keys(JSON.parse(read('texts/en.json'))).sort();
for (const name of readdirSync(at('texts')).filter((file) => file !== 'en.json')) {
  const words = JSON.parse(read(`texts/${name}`));
  const odd = english.filter((key) => !(key in words)).concat(Object.keys(words).filter((key) => !english.includes(key)));
  if (odd.length) throw new Error(`texts/${name}: missing or left over: ${odd.join(', ')}`);
  write(`texts/${name}`, JSON.stringify(words));
}

// What dist was made from: scripts/check-widget compares it with what is there.
const sources = ['build.mjs', 'package-lock.json', ...list('src'), ...list('texts')];
const digest = createHash('sha256');
sources.forEach((name) => digest.update(`${name}\0`).update(readFileSync(at(name))).update('\0'));
write('built-from.txt', `${digest.digest('hex')}\n`);

/** @param {string} folder */
function list(folder) {
  return readdirSync(at(folder)).sort().map((name) => `${folder}/${name}`);
}
