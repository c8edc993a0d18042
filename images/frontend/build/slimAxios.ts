import type { Plugin } from "vite";

/** Parts of axios that pages never reach: in a browser it sends by XMLHttpRequest, and we send no forms. 5 kB gzipped. */
const unused = /\/(adapters\/)?fetch\.js$|\/formDataToJSON\.js$|\/HttpStatusCode\.js$/u;
const nothing = "\0axios-unused";

/** axios cannot be tree-shaken: it hangs everything on one object. */
export const slimAxios: Plugin = {
  name: "hankki-slim-axios",
  apply: "build",
  enforce: "pre",
  resolveId: (id, importer) => (importer?.includes("/node_modules/axios/lib/") && unused.test(id) ? nothing : null),
  load: (id) => (id === nothing ? "export const getFetch = null; export default null;" : null),
};
