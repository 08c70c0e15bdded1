// Makes dist/ of src/, or the folder that is named: the same bytes wherever and whenever it runs.
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(fileURLToPath(import.meta.url));
const dist = resolve(process.argv[2] ?? join(root, "dist"));

// Of each package whose code is within: its name, its version, and all that its licence says.
async function licences(inputs) {
  const packages = new Set();
  for (const input of inputs) {
    const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) packages.add(found[1]);
  }
  let text = "This page has code of these packages within.\n";
  for (const name of [...packages].sort()) {
    const folder = join(root, "node_modules", name);
    const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).sort().find((one) => /^licen[cs]e/i.test(one));
    if (!file) throw new Error(`${name} has no licence beside it: do not put it into the page`);
    text += `\n---- ${name} ${about.version} (${about.license})\n\n${(await readFile(join(folder, file), "utf8")).trim()}\n`;
  }
  return text;
}

// What of uPlot nobody here draws with: bundlers cannot know, as all of it hangs on one object.
const unused = ["uPlot.join = join;", "(paths.stepped = stepped);", "(paths.bars    = bars);", "(paths.spline  = monotoneCubic);"];
const leaner = {
  name: "leaner uPlot",
  setup(building) {
    building.onLoad({ filter: /uPlot\.esm\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const one of unused) {
        if (!contents.includes(one)) throw new Error(`uPlot has no ${one} any more: take it out of build.mjs`);
        contents = contents.replace(one, "");
      }
      return { contents, loader: "js" };
    });
  },
};

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const made = await build({
  absWorkingDir: root,
  entryPoints: { app: "src/main.tsx", layout: "src/layout_worker.ts" },
  outdir: dist,
  bundle: true,
  plugins: [leaner],
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "none",
  chunkNames: "[name]-[hash]",
  jsx: "automatic",
  jsxImportSource: "preact",
  metafile: true,
  logLevel: "warning",
});
await writeFile(join(dist, "index.html"), await readFile(join(root, "src/index.html")));
await writeFile(join(dist, "licences.txt"), await licences(Object.keys(made.metafile.inputs)));
