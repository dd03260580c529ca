// Builds the pages' scripts, styles and fonts into the folder that is given (by default where the web door serves them).
// One entry per page; the result depends on nothing but the sources and package-lock.json, so it can be compared.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "../src/viva/web/static"));
const modules = join(here, "node_modules");

const common = { bundle: true, minify: true, target: "es2022", legalComments: "none", absWorkingDir: here, charset: "utf8" };
const pages = ["home", "briefing", "room", "scorecard"];
await build({ ...common, format: "esm", outdir: out, entryPoints: pages.map((page) => `src/${page}.ts`) });
await build({ ...common, format: "iife", outdir: out, entryPoints: ["src/theme.ts"] });
await build({ ...common, outfile: join(out, "viva.css"), entryPoints: ["src/viva.css"], external: ["./fonts/*"] });
await copyFile(join(here, "src/icon.svg"), join(out, "icon.svg"));

const fonts = [
  ["newsreader", "newsreader-latin-opsz-normal"],
  ["newsreader", "newsreader-latin-opsz-italic"],
  ["jetbrains-mono", "jetbrains-mono-latin-wght-normal"],
  ["source-sans-3", "source-sans-3-latin-wght-normal"],
];
await mkdir(join(out, "fonts"), { recursive: true });
for (const [family, file] of fonts) {
  const from = join(modules, "@fontsource-variable", family);
  await copyFile(join(from, "files", `${file}.woff2`), join(out, "fonts", `${file}.woff2`));
  await copyFile(join(from, "LICENSE"), join(out, "fonts", `${family}-LICENSE.txt`));
}

const bundled = ["@codemirror/commands", "@codemirror/lang-python", "@codemirror/language", "@codemirror/state", "@codemirror/view",
  "@codemirror/autocomplete", "@lezer/common", "@lezer/highlight", "@lezer/lr", "@lezer/python", "@marijn/find-cluster-break",
  "crelt", "style-mod", "w3c-keyname"];
const licences = [];
for (const name of bundled) {
  const { version } = JSON.parse(await readFile(join(modules, name, "package.json"), "utf8"));
  licences.push(`${name} ${version}\n\n${await readFile(join(modules, name, "LICENSE"), "utf8")}`);
}
await writeFile(join(out, "LICENSES.txt"), licences.join("\n----\n\n"));
