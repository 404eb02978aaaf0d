// Bundles tests/**/*.test.ts(x), since Node 20 reads no TypeScript, and hands them to Node's test runner.
// Arguments go to the runner: `npm test -- --test-name-pattern=routing`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;
const tests = readdirSync(path.join(here, "tests"), { recursive: true, encoding: "utf8" })
  .filter((file) => /\.test\.tsx?$/.test(file))
  .map((file) => path.join("tests", file));

// Inside the folder, so that what is left out of the bundles is found in node_modules.
const folder = mkdtempSync(path.join(here, "node_modules/.tests-"));
try {
  await build({
    absWorkingDir: here,
    entryPoints: tests,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    jsx: "automatic",
    jsxImportSource: "preact",
    sourcemap: "inline",
    logLevel: "warning",
  });
  const bundles = tests.map((file) => path.join(folder, path.relative("tests", file).replace(/\.tsx?$/, ".mjs")));
  const { status } = spawnSync(
    process.execPath,
    ["--enable-source-maps", "--test", "--test-reporter=spec", ...process.argv.slice(2), ...bundles],
    { stdio: "inherit" },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
