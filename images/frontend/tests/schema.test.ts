// @vitest-environment node
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, test } from "vitest";

const api = join(import.meta.dirname, "../src/api");

test("the generated types are those of the committed OpenAPI document", async () => {
  const types = await openapiTS(pathToFileURL(join(api, "openapi.json")), { rootTypes: true, rootTypesNoSchemaPrefix: true });
  expect(readFileSync(join(api, "schema.d.ts"), "utf8"), "npm run generate").toBe(COMMENT_HEADER + astToString(types));
});
