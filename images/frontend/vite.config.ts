import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { precompress } from "./build/precompress.ts";
import { slimAxios } from "./build/slimAxios.ts";

/** In development Vite stands in for Nginx's proxy mode: same origin, /api passed on. */
const apiUpstream = process.env["API_UPSTREAM"] ?? "127.0.0.1:5000";

const runtimeConfig: Plugin = {
  name: "hankki-runtime-config",
  configureServer(server) {
    server.middlewares.use("/config.js", (_request, response) => {
      response.setHeader("Content-Type", "text/javascript");
      response.end('window.__HANKKI__ = {"apiBaseUrl":""};\n');
    });
  },
};

export default defineConfig({
  plugins: [react(), runtimeConfig, slimAxios, precompress()],
  build: {
    // `npm run size` reads it.
    manifest: true,
    // Few files, for over HTTP/1.1 each has its price: the first page's, what other pages share, and one for each page.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }, { name: "shared", minShareCount: 2 }] } } },
  },
  server: { proxy: { "/api": `http://${apiUpstream}` } },
});
