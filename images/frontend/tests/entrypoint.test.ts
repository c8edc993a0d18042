// @vitest-environment node
import { beforeAll, describe, expect, test } from "vitest";
import { checkStart, requireNginx } from "./support/nginx";

beforeAll(requireNginx);

test("direct mode: the browser gets the API's address, and the policy allows it", async () => {
  const start = await checkStart({ API_MODE: "direct", API_URL: "http://10.0.0.3:5000" });
  expect(start.output).toContain("test is successful");
  expect(start.status).toBe(0);
  expect(start.written("config.js")).toBe('window.__HANKKI__ = {"apiBaseUrl":"http://10.0.0.3:5000"};\n');
  expect(start.written("mode.conf")).toContain(`set $connect_src "'self' http://10.0.0.3:5000";\n`);
});

test("proxy mode: the browser calls the page's origin, and Nginx forwards the requests", async () => {
  const start = await checkStart({ API_MODE: "proxy", API_UPSTREAM: "127.0.0.1:5000" });
  expect(start.output).toContain("test is successful");
  expect(start.status).toBe(0);
  expect(start.written("config.js")).toBe('window.__HANKKI__ = {"apiBaseUrl":""};\n');
  expect(start.written("mode.conf")).toContain("proxy_pass http://127.0.0.1:5000;");
});

test("proxy mode: an IPv6 address in brackets is accepted", async () => {
  const start = await checkStart({ API_MODE: "proxy", API_UPSTREAM: "[fd00::3]:5000" });
  expect(start.output).toContain("test is successful");
  expect(start.written("mode.conf")).toContain("proxy_pass http://[fd00::3]:5000;");
});

test("proxy mode: an upstream with an unknown name stops the start, with its name", async () => {
  const start = await checkStart({ API_MODE: "proxy", API_UPSTREAM: "no-such-service.invalid:5000" });
  expect(start.status).not.toBe(0);
  expect(start.output).toContain("no-such-service.invalid");
});

test.each([
  ["http://api.example.com"],
  ["https://api.example.com:8443"],
])("API_URL=%s is an origin", async (url) => {
  expect((await checkStart({ API_MODE: "direct", API_URL: url })).status).toBe(0);
});

describe("a wrong environment stops the start", () => {
  test("with all errors at once", async () => {
    const start = await checkStart({ API_MODE: "dircet", API_URL: "10.0.0.3:5000", API_UPSTREAM: "backend" });
    expect(start.status).toBe(1);
    expect(start.output.trim().split("\n")).toEqual([
      "hankki-frontend: the environment is wrong, not starting:",
      '  - API_MODE="dircet" is unknown or missing: expected direct, proxy or door',
      expect.stringContaining('  - API_URL="10.0.0.3:5000" is malformed: expected http(s)://host[:port]'),
      '  - API_UPSTREAM="backend" is malformed: expected host:port, such as backend:5000',
    ]);
  });

  test.each([
    ["nothing at all", {}, 'API_MODE="" is unknown or missing'],
    ["direct without its address", { API_MODE: "direct" }, "API_URL is missing"],
    ["proxy without its address", { API_MODE: "proxy" }, "API_UPSTREAM is missing"],
    ["a mode in capitals", { API_MODE: "Proxy" }, 'API_MODE="Proxy" is unknown or missing'],
  ])("%s", async (_case, environment: Record<string, string>, message) => {
    const start = await checkStart(environment);
    expect(start.status).toBe(1);
    expect(start.output).toContain(message);
  });

  test.each([
    "http://10.0.0.3:5000/",
    "http://10.0.0.3:5000/api",
    "http://10.0.0.3:0",
    "http://10.0.0.3:65536",
    "http://10.0.0.3:",
    "http://",
    "http://user@host",
    "http://[::1]:5000",
    "ftp://10.0.0.3",
    "http://a b",
    'http://x"};alert(1);//',
    "http://x';",
    "http://x\nhttp://y",
    "http://$host",
    "http://-x",
  ])("API_URL=%j", async (url) => {
    const start = await checkStart({ API_MODE: "direct", API_URL: url });
    expect(start.status).toBe(1);
    expect(start.output).toContain("is malformed");
    expect(() => start.written("config.js")).toThrow("ENOENT");
  });

  test.each(["backend", ":5000", "backend:", "backend:http", "http://backend:5000", "backend:5000;", "back end:5000", "backend:5000/x", "::1:5000", "[::1]", "[::g]:5000", "[::1;]:5000"])(
    "API_UPSTREAM=%j",
    async (upstream) => {
      const start = await checkStart({ API_MODE: "proxy", API_UPSTREAM: upstream });
      expect(start.status).toBe(1);
      expect(start.output).toContain("is malformed");
    },
  );
});
