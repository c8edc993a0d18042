import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { gzip, type ZopfliOptions } from "@gfx/zopfli";
import type { Plugin } from "vite";

const compress = promisify<Uint8Array, ZopfliOptions, Uint8Array>(gzip);

/** Below this, compressing gains nothing worth a second file. */
const smallest = 1024;

/** Writes a .gz beside each file that shrinks, for Nginx's gzip_static: smaller than what it could do at each request. */
export function precompress(): Plugin {
  let outDir = "";
  return {
    name: "hankki-precompress",
    apply: "build",
    configResolved: (config) => {
      outDir = resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      sequential: true,
      handler: async () => {
        const files = await readdir(outDir, { recursive: true });
        const texts = files.filter((file) => /\.(?:js|css|html|svg)$/u.test(file));
        await Promise.all(
          texts.map(async (file) => {
            const content = await readFile(join(outDir, file));
            if (content.length >= smallest) {
              await writeFile(join(outDir, `${file}.gz`), await compress(content, { numiterations: 15 }));
            }
          }),
        );
      },
    },
  };
}
