// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "..");
const lines = (file: string) => readFileSync(join(folder, file), "utf8").split("\n");

test("each file of the folder nginx is in the build context and in the image", () => {
  const copied = lines("Dockerfile").flatMap((line) => /^COPY .*(nginx\/\S+) /u.exec(line)?.[1] ?? []);
  const sent = lines(".dockerignore").flatMap((line) => /^!(nginx\/.*)/u.exec(line)?.[1] ?? []);
  const present = readdirSync(join(folder, "nginx")).map((name) => `nginx/${name}`);
  expect(copied.toSorted()).toEqual(present.toSorted());
  expect(sent.toSorted()).toEqual(present.toSorted());
});
