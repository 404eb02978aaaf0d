// Builds what browsers load: every file carries a hash of its content in its name, so that it can be
// cached for ever, and manifest.json tells the pages which name belongs to which entry point.
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { PurgeCSS } from "purgecss";

const here = import.meta.dirname;
const built = path.join(here, "../survey/static/build");
// What is built first: the others know its name and SHA-256.
const sealed = "src/sealed.ts";
const entries = ["src/answering.tsx", "src/preview.tsx", "src/site.css", "src/passkeys.ts", "src/charts.ts", "src/charts.css", "src/plotly.css", "src/trustees/trustees.tsx"];
/** @type {[string, string][]} */
const pictures = [
  ["icons.svg", "node_modules/dkfds/dist/img/all-svg-icons.svg"],
  ["page.svg", "src/page.svg"],
  // What is printed: survey/answering/printing.py finds every font in the folder.
  ["paper.ttf", "node_modules/dkfds/src/fonts/IBMPlexSans/complete/ttf/IBMPlexSans-Regular.ttf"],
  ["paper-bold.ttf", "node_modules/dkfds/src/fonts/IBMPlexSans/complete/ttf/IBMPlexSans-Bold.ttf"],
  ["paper-italic.ttf", "node_modules/dkfds/src/fonts/IBMPlexSans/complete/ttf/IBMPlexSans-Italic.ttf"],
];

/**
 * Leaves one source in each @font-face (every browser we serve reads woff2), and of an import that ends in
 * `?used-in-answering` only the rules for what those pages have: somebody on a bad network waits for every byte.
 */
export const trimmed = {
  name: "trimmed",
  /** @param {import("esbuild").PluginBuild} building */
  setup(building) {
    building.onLoad({ filter: /dkfds[^/]*\.css$/ }, async ({ path: file, suffix }) => {
      const css = await readFile(file, "utf8");
      const contents = css.replace(/@font-face\s*\{[^}]*\}/g, (face) => {
        const source = face.match(/url\([^)]*\.woff2\)/)?.[0];
        return source ? face.replace(/src:[^;}]*/, `src:${source} format("woff2")`) : "";
      });
      return { contents: suffix === "?used-in-answering" ? await usedInAnswering(contents) : contents, loader: "css" };
    });
  },
};

/** @param {string} css */
async function usedInAnswering(css) {
  const [found] = await new PurgeCSS().purge({
    css: [{ raw: css }],
    content: [path.join(here, "src/**/*.tsx"), path.join(here, "../templates/answering/*.html")],
    // Put together from a kind of notice in src/pages/frame.tsx.
    safelist: { standard: [/^alert-/] },
  });
  return found?.css ?? css;
}

/** @param {string} folder */
async function bundle(folder) {
  const first = await made(folder, [sealed], { globalName: "tillidSealed" });
  const file = first[0]?.[1] ?? "";
  const digest = createHash("sha256").update(await readFile(path.join(folder, file))).digest("base64");
  const define = { SEALED_FILE: JSON.stringify(file), SEALED_INTEGRITY: JSON.stringify(`sha256-${digest}`) };
  return [...first, ...(await made(folder, entries, { define }))];
}

/**
 * What pages call each file that was made, and its name.
 * @param {string} folder
 * @param {string[]} entryPoints
 * @param {Pick<import("esbuild").BuildOptions, "globalName" | "define">} more
 */
async function made(folder, entryPoints, more) {
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints,
    outdir: folder,
    entryNames: "[name]-[hash]",
    assetNames: "assets/[name]-[hash]",
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome109", "firefox115", "safari16.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".woff2": "file", ".svg": "file", ".png": "file" },
    plugins: [trimmed],
    legalComments: "linked",
    logLevel: "warning",
    ...more,
    metafile: true,
  });
  return Object.entries(metafile.outputs).flatMap(([output, { entryPoint, cssBundle }]) =>
    entryPoint ? [output, cssBundle ?? []].flat().map((file) => named(entryPoint, file)) : [],
  );
}

/**
 * What pages call a file of an entry point, and its name: a script may bring a style sheet with it.
 * @param {string} entryPoint
 * @param {string} file
 */
function named(entryPoint, file) {
  return [path.parse(entryPoint).name + path.extname(file), path.basename(file)];
}

/**
 * @param {string} folder
 * @param {[string, string]} picture what pages call it, and where it is
 */
async function copied(folder, [called, source]) {
  const content = await readFile(path.join(here, source));
  const { name, ext } = path.parse(called);
  const hashed = `${name}-${createHash("sha256").update(content).digest("hex").slice(0, 8)}${ext}`;
  await writeFile(path.join(folder, hashed), content);
  return [called, hashed];
}

/**
 * Compressed once, as well as can be: survey/site/assets.py serves it to every browser that takes it.
 * @param {string} file
 */
async function compressed(file) {
  await writeFile(`${file}.gz`, gzipSync(await readFile(file), { level: 9 }));
}

// Built aside and renamed: pages being served never meet half a build.
await mkdir(path.dirname(built), { recursive: true });
const folder = await mkdtemp(`${built}.`);
try {
  const names = Object.fromEntries([
    ...(await bundle(folder)),
    ...(await Promise.all(pictures.map((picture) => copied(folder, picture)))),
  ]);
  await Promise.all((await readdir(folder)).filter((name) => /\.(js|css|svg)$/.test(name)).map((name) => compressed(path.join(folder, name))));
  await writeFile(path.join(folder, "manifest.json"), JSON.stringify(names, null, 2));
  await chmod(folder, 0o755);
  await rm(built, { recursive: true, force: true });
  await rename(folder, built);
} finally {
  await rm(folder, { recursive: true, force: true });
}
