/** `npm run size`: what a browser fetches of JavaScript for the first page, as Nginx sends it, stays within the budget. */
import { readFileSync, statSync, existsSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

interface Chunk {
  file: string;
  imports?: string[];
}

const budget = 120_000;
const dist = join(import.meta.dirname, "../dist");
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8")) as Record<string, Chunk>;

function withImports(key: string, found = new Map<string, string>()): Map<string, string> {
  const chunk = manifest[key];
  if (!chunk) {
    throw new Error(`dist/.vite/manifest.json: no chunk "${key}"`);
  }
  if (!found.has(key)) {
    found.set(key, chunk.file);
    for (const imported of chunk.imports ?? []) {
      withImports(imported, found);
    }
  }
  return found;
}

function sentBytes(file: string): number {
  const compressed = join(dist, `${file}.gz`);
  return existsSync(compressed) ? statSync(compressed).size : gzipSync(readFileSync(join(dist, file))).length;
}

const sizes = [...withImports("index.html").values()].map((file) => [file, sentBytes(file)] as const);
const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
for (const [file, bytes] of sizes) {
  process.stdout.write(`${String(bytes).padStart(8)}  ${file}\n`);
}
process.stdout.write(`${String(total).padStart(8)}  of ${budget} bytes of JavaScript for the first page, gzipped\n`);
if (total > budget) {
  process.stderr.write(`The first page's JavaScript is ${total - budget} bytes over its budget: load what it does not need with the page that does.\n`);
  process.exitCode = 1;
}
