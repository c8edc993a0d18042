// @vitest-environment node
import { renameSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { freePort, requireNginx, startSite } from "./support/nginx";

beforeAll(requireNginx);

const direct = { API_MODE: "direct", API_URL: "http://10.0.0.3:5000" };

describe("Nginx with the shipped configuration", () => {
  test("serves the page for the address of any page, with revalidation each time", async () => {
    const { url } = await startSite(direct);
    for (const path of ["/", "/recipes/12", "/login"]) {
      const page = await fetch(url + path);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain("<title>page</title>");
      expect(page.headers.get("cache-control")).toBe("no-cache");
      expect(page.headers.get("server")).toBe("nginx");
    }
  });

  test("in direct mode, a request to the API gets a 404 that tells users to load the page again", async () => {
    const { url } = await startSite(direct);
    const answer = await fetch(`${url}/api/v1/recipes`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(await answer.json()).toMatchObject({ status: 404, detail: expect.stringContaining("Load the page again") });
  });

  test("serves assets compressed and cacheable without limit; a missing one is a 404 that is not cached", async () => {
    const { url } = await startSite(direct);
    const asset = await fetch(`${url}/assets/app-1a2b.js`);
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(asset.headers.get("content-type")).toMatch(/^(application|text)\/javascript/u);
    expect(asset.headers.get("content-encoding")).toBe("gzip");
    expect(asset.headers.get("vary")).toBe("Accept-Encoding");
    expect(await asset.text(), "the file that was compressed at build time").toContain("compressed at build time");
    const plain = await fetch(`${url}/assets/app-1a2b.js`, { headers: { "Accept-Encoding": "identity" } });
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(await plain.text()).toContain("xxxx");
    const missing = await fetch(`${url}/assets/app-0000.js`);
    expect(missing.status).toBe(404);
    expect(missing.headers.get("cache-control")).toBeNull();
  });

  test("serves the runtime configuration, never cached", async () => {
    const { url } = await startSite(direct);
    const config = await fetch(`${url}/config.js`);
    expect(await config.text()).toContain('"apiBaseUrl":"http://10.0.0.3:5000"');
    expect(config.headers.get("cache-control")).toBe("no-store");
    expect(config.headers.get("content-type")).toMatch(/javascript/u);
  });

  test("allows scripts from the site only, and requests to the site and the API only", async () => {
    const { url } = await startSite(direct);
    const { headers } = await fetch(url);
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self' http://10.0.0.3:5000;");
    expect(policy).not.toContain("unsafe");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("serves its status to the exporter in the same pod only", async () => {
    const { url, statusUrl } = await startSite(direct);
    expect(await (await fetch(`${statusUrl}/stub_status`)).text()).toMatch(/^Active connections: \d+/u);
    expect((await fetch(`${statusUrl}/`)).status).toBe(404);
    expect(await (await fetch(`${url}/stub_status`)).text()).not.toContain("Active connections");
  });

  test("logs each request as one JSON object, with the request id that it forwards, under the API's name for it", async () => {
    const { url, log } = await startSite(direct);
    await fetch(`${url}/recipes/2`, { headers: { "User-Agent": 'a "quoted"\tone' } });
    await expect.poll(log).toContain("/recipes/2");
    const line = log().split("\n").find((text) => text.includes("/recipes/2")) ?? "";
    expect(JSON.parse(line)).toMatchObject({
      method: "GET",
      path: "/recipes/2",
      status: 200,
      agent: 'a "quoted"\tone',
      request_id: expect.stringMatching(/^[0-9a-f]{32}$/u),
    });
  });

  test.each(["site/index.html", "run/config.js"])("is live but not ready while %s is missing", async (file) => {
    const { url, folder } = await startSite(direct);
    const probes = async () => await Promise.all(["live", "ready"].map(async (probe) => (await fetch(`${url}/healthz/${probe}`)).status));
    expect(await probes()).toEqual([200, 200]);
    renameSync(join(folder, file), join(folder, "aside"));
    expect(await probes()).toEqual([200, 503]);
    renameSync(join(folder, "aside"), join(folder, file));
    expect(await probes()).toEqual([200, 200]);
  });

  test.each(["/healthz", "/healthz/", "/healthz/readyz"])("does not serve the page for %s, a misspelt probe", async (path) => {
    const { url } = await startSite(direct);
    expect((await fetch(url + path)).status).toBe(404);
  });

  test("logs requests but not probes", async () => {
    const { url, log } = await startSite(direct);
    expect((await fetch(`${url}/healthz/live`)).status).toBe(200);
    expect((await fetch(`${url}/healthz/ready`)).status).toBe(200);
    await fetch(`${url}/recipes/1?q=%22`);
    await expect.poll(log).toContain('"path":"/recipes/1",');
    expect(log()).not.toContain("%22"); // what users search for
    expect(log()).not.toContain("healthz");
  });

  test("exits after SIGQUIT", async () => {
    const { stop } = await startSite(direct);
    expect(await stop("SIGQUIT")).toBe(0);
  });
});

describe("proxy mode", () => {
  test("forwards /api/ with the browser's address and host name, and returns the response unchanged", async () => {
    let seen: IncomingHttpHeaders = {};
    const api = createServer((request, response) => {
      seen = request.headers;
      response.writeHead(201, { "Content-Type": "application/json", "Set-Cookie": "refreshToken=x; HttpOnly" }).end(request.url);
    });
    await new Promise<void>((resolve) => {
      api.listen(0, "127.0.0.1", resolve);
    });
    onTestFinished(() => void api.close());
    const { url } = await startSite({ API_MODE: "proxy", API_UPSTREAM: `127.0.0.1:${(api.address() as AddressInfo).port}` });

    const answer = await fetch(`${url}/api/v1/recipes?q=%EB%B0%A5`, { headers: { "X-Request-Id": "forged" } });

    expect(answer.status).toBe(201);
    expect(await answer.text()).toBe("/api/v1/recipes?q=%EB%B0%A5");
    expect(answer.headers.get("set-cookie")).toBe("refreshToken=x; HttpOnly");
    expect(answer.headers.get("cache-control")).toBeNull();
    expect(seen).toMatchObject({ "x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "http", host: new URL(url).host });
    expect(seen["x-request-id"]).toMatch(/^[0-9a-f]{32}$/u);
    expect(answer.headers.get("x-request-id")).toBe(seen["x-request-id"]);
    expect((await fetch(url)).headers.get("content-security-policy")).toContain("connect-src 'self';");
  });

  test("reports an unavailable API by a problem document", async () => {
    const { url, log } = await startSite({ API_MODE: "proxy", API_UPSTREAM: `127.0.0.1:${await freePort()}` });
    const answer = await fetch(`${url}/api/v1/recipes`);
    expect(answer.status).toBe(503);
    const id = answer.headers.get("x-request-id");
    expect(id).toMatch(/^[0-9a-f]{32}$/u);
    await expect.poll(log).toContain(`"request_id":"${id}"`);
    expect(answer.headers.get("content-type")).toContain("application/problem+json");
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(await answer.json()).toMatchObject({ status: 503 });
    expect((await fetch(`${url}/healthz/ready`)).status, "the page, which reports it, is served").toBe(200);
  });
});
