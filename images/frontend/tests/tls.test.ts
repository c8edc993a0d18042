// @vitest-environment node
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { connect as connectHTTP2 } from "node:http2";
import { Agent, request } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { connect, type SecureVersion } from "node:tls";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { mount, newAuthority } from "./support/certificates";
import { checkStart, freePort, requireNginx, startSite } from "./support/nginx";

beforeAll(requireNginx);

const direct = { API_MODE: "direct", API_URL: "https://10.0.0.3:5000", TLS_HOST: "hankki.example.com" };

/** One request, on a separate connection unless the options have an agent. `kept`: on a connection of an earlier request. */
async function get(port: number, ca: string, path = "/", options: object = {}) {
  return await new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: string; subject: string; kept: boolean }>((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, ca, agent: false, ...options }, (answer) => {
      const { subject } = (answer.socket as import("node:tls").TLSSocket).getPeerCertificate();
      let body = "";
      answer.setEncoding("utf8").on("data", (part) => {
        body += part;
      });
      answer
        .on("error", reject)
        .on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body, subject: String(subject.CN), kept: asked.reusedSocket }));
    });
    asked.on("error", (error) => reject(Object.assign(error, { kept: asked.reusedSocket }))).end();
  });
}

type ConnectionError = NodeJS.ErrnoException & { kept: boolean };

async function handshake(port: number, ca: string, version: SecureVersion) {
  return await new Promise<string | null>((resolve, reject) => {
    // Level 0 allows this client to offer outdated versions, so that the server must refuse them.
    const socket = connect({ host: "127.0.0.1", port, ca, minVersion: version, maxVersion: version, ciphers: "DEFAULT:@SECLEVEL=0" }, () => {
      resolve(socket.getProtocol());
      socket.end();
    }).on("error", reject);
  });
}

async function startTLS(environment: Record<string, string> = direct) {
  const authority = newAuthority();
  const site = await startSite(environment, (tlsDir) => mount(authority.issue(), tlsDir));
  return { ...site, authority, ca: authority.certificate };
}

/** An API that returns the requests it received, and responds after `delay` milliseconds. */
async function startAPI(delay = 0) {
  const seen: { url?: string; headers: IncomingHttpHeaders }[] = [];
  const api = createServer((asked, answer) => {
    seen.push({ url: asked.url ?? "", headers: asked.headers });
    setTimeout(() => {
      answer.writeHead(201, { "Access-Control-Allow-Origin": "https://hankki.example.com", "X-Request-Id": "of the API" }).end("{}");
    }, delay);
  });
  await new Promise<void>((resolve) => {
    api.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => void api.close());
  return { upstream: `127.0.0.1:${(api.address() as AddressInfo).port}`, seen };
}

describe("with a certificate", () => {
  test("the page is served over https, with a certificate of the authority", async () => {
    const { tlsPort, ca } = await startTLS();
    const page = await get(tlsPort, ca, "/recipes/12");
    expect(page.status).toBe(200);
    expect(page.body).toContain("<title>page</title>");
    expect(page.headers["content-security-policy"]).toContain("connect-src 'self' https://10.0.0.3:5000;");
    expect(page.headers["strict-transport-security"]).toBeUndefined();
    await expect(get(tlsPort, newAuthority().certificate)).rejects.toThrow(/self.signed|unable to verify|issuer/u);
  });

  test("HTTP/2 is offered", async () => {
    const { tlsPort, ca } = await startTLS();
    const session = connectHTTP2(`https://127.0.0.1:${tlsPort}`, { ca });
    onTestFinished(() => session.close());
    const status = await new Promise((resolve, reject) => {
      session.on("error", reject);
      session.request({ ":path": "/" }).on("response", (headers) => resolve(headers[":status"])).end();
    });
    expect(status).toBe(200);
  });

  test("plain http is redirected with its path; probes get a response", async () => {
    const { url } = await startTLS();
    for (const path of ["/", "/recipes/12?servings=2&q=%EB%B0%A5%20x", "/api/v1/recipes", "/assets/app-1a2b.js", "//evil.example/", "/healthz/readyz"]) {
      const answer = await fetch(url + path, { redirect: "manual", method: path.startsWith("/api") ? "POST" : "GET" });
      expect(answer.status).toBe(308);
      expect(answer.headers.get("location")).toBe(`https://hankki.example.com${path}`);
    }
    for (const probe of ["live", "ready"]) {
      expect((await fetch(`${url}/healthz/${probe}`)).status).toBe(200);
    }
  });

  test("TLS 1.2 and 1.3 are accepted, and older versions are refused", async () => {
    const { tlsPort, ca } = await startTLS();
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      expect(await handshake(tlsPort, ca, version)).toBe(version);
    }
    for (const version of ["TLSv1", "TLSv1.1"] as const) {
      await expect(handshake(tlsPort, ca, version)).rejects.toThrow(/alert protocol version|ALERT_PROTOCOL_VERSION/u);
    }
  });

  test("HSTS is sent only if it is configured, and only over https", async () => {
    const { tlsPort, ca, url } = await startTLS({ ...direct, TLS_HSTS: "31536000" });
    expect((await get(tlsPort, ca)).headers["strict-transport-security"]).toBe("max-age=31536000");
    expect((await fetch(url, { redirect: "manual" })).headers.get("strict-transport-security")).toBeNull();
  });

  describe.each(["direct", "proxy", "door"])("in mode %s", (mode) => {
    test("HSTS is in each response of each path", async () => {
      const { upstream } = await startAPI();
      const { tlsPort, ca } = await startTLS({ ...direct, API_MODE: mode, API_UPSTREAM: upstream, TLS_HSTS: "300" });
      const paths = ["/", "/recipes/12", "/assets/app-1a2b.js", "/assets/missing.js", "/config.js", "/healthz/live", "/healthz/ready", "/healthz/readyz", "/api/v1/recipes"];
      const sent = await Promise.all(paths.map(async (path) => [path, (await get(tlsPort, ca, path)).headers["strict-transport-security"]]));
      expect(sent).toEqual(paths.map((path) => [path, "max-age=300"]));
      const tooLarge = await get(tlsPort, ca, "/api/v1/recipes", { method: "POST", headers: { "Content-Length": 300_000 } });
      expect([tooLarge.status, tooLarge.headers["strict-transport-security"]]).toEqual([413, "max-age=300"]);
    });
  });

  test("HSTS is in the response for an API that does not answer", async () => {
    const { tlsPort, ca } = await startTLS({ ...direct, API_MODE: "proxy", API_UPSTREAM: `127.0.0.1:${await freePort()}`, TLS_HSTS: "300" });
    expect(await get(tlsPort, ca, "/api/v1/recipes")).toMatchObject({ status: 503, headers: { "strict-transport-security": "max-age=300" } });
  });

  test("in proxy mode the API receives the scheme https", async () => {
    const { upstream, seen } = await startAPI();
    const { tlsPort, ca } = await startTLS({ API_MODE: "proxy", API_UPSTREAM: upstream, TLS_HOST: "127.0.0.1" });
    expect((await get(tlsPort, ca, "/api/v1/recipes")).status).toBe(201);
    expect(seen[0]?.headers).toMatchObject({ "x-forwarded-proto": "https", "x-forwarded-for": "127.0.0.1" });
  });

  test("as the TLS proxy of the API, Nginx forwards requests and leaves the response's headers unchanged", async () => {
    const { upstream, seen } = await startAPI();
    const { tlsPort, ca, url } = await startTLS({ API_MODE: "door", API_UPSTREAM: upstream, TLS_HOST: "api.example.com" });
    for (const path of ["/", "/api/v1/recipes?q=%EB%B0%A5", "/healthz/ready", "/config.js", "/assets/x.js"]) {
      const answer = await get(tlsPort, ca, path, { headers: { "X-Forwarded-For": "192.0.2.1" } });
      expect(answer.status).toBe(201);
      expect(answer.headers["access-control-allow-origin"]).toBe("https://hankki.example.com");
      expect(answer.headers["content-security-policy"]).toBeUndefined();
      expect(seen.at(-1)).toMatchObject({ url: path, headers: { "x-forwarded-for": "192.0.2.1, 127.0.0.1" } });
    }
    expect((await fetch(`${url}/healthz/live`)).status, "the kubelet's probe").toBe(200);
  });
});

describe("a certificate that changes", () => {
  test("is served by the same Nginx, and no request is lost", async () => {
    const { tlsPort, tlsDir, ca, authority, log } = await startTLS();
    expect((await get(tlsPort, ca)).subject).toBe("site-1");
    const subjects: string[] = [];
    const reads = { on: true };
    const reader = (async () => {
      while (reads.on) {
        const answer = await get(tlsPort, ca); // throws where a connection is refused or cut
        expect(answer.status).toBe(200);
        subjects.push(answer.subject);
      }
    })();
    for (const number of [2, 3]) {
      mount(authority.issue(), tlsDir);
      await expect.poll(() => subjects.at(-1)).toBe(`site-${number}`);
    }
    reads.on = false;
    await reader;
    expect(log().match(/certificate has changed/gu)).toHaveLength(2);
  });

  test("on kept connections, each request that reached the API is answered", { timeout: 60_000 }, async () => {
    const { upstream, seen } = await startAPI(10);
    const { tlsPort, tlsDir, ca, authority } = await startTLS({ ...direct, API_MODE: "proxy", API_UPSTREAM: upstream });
    const reads = { on: true, onKept: 0, repeated: 0 };
    const served: string[] = [];
    const visitors = Array.from({ length: 4 }, async (_, visitor) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1, maxCachedSessions: 0 });
      onTestFinished(() => agent.destroy());
      for (let number = 0; reads.on; number += 1) {
        const path = `/api/v1/recipes?read=${visitor}-${number}`;
        const { status, subject, kept } = await get(tlsPort, ca, path, { agent }).catch(async (error: ConnectionError) => {
          // An older Nginx closes a kept connection while a request is on its way. Like browsers, the client repeats the request.
          if (!error.kept || seen.some(({ url }) => url === path)) {
            throw error;
          }
          reads.repeated += 1;
          return await get(tlsPort, ca, path, { agent });
        });
        expect(status).toBe(201);
        reads.onKept += Number(kept);
        served[visitor] = subject;
      }
    });
    for (const number of [2, 3, 4]) {
      mount(authority.issue(), tlsDir);
      await expect.poll(() => served, { timeout: 10_000 }).toEqual(visitors.map(() => `site-${number}`));
    }
    reads.on = false;
    await Promise.all(visitors);
    expect(reads.onKept).toBeGreaterThan(visitors.length);
    expect(hasKeepaliveMinTimeout() ? reads.repeated : 0).toBe(0);
  });

  test("is not loaded while it is invalid, and the reason is logged", async () => {
    const { tlsPort, tlsDir, ca, authority, log } = await startTLS();
    const [second, third] = [authority.issue(), authority.issue()];
    copyFileSync(join(third, "tls.crt"), join(second, "tls.crt")); // the key is another's
    mount(second, tlsDir);
    await expect.poll(log).toMatch(/key values mismatch/u);
    expect((await get(tlsPort, ca)).subject).toBe("site-1");
    mount(third, tlsDir);
    await expect.poll(async () => (await get(tlsPort, ca)).subject).toBe("site-3");
  });

  test("is served although a process of the check has been killed", async () => {
    // The pause between two checks.
    const { tlsPort, tlsDir, ca, authority, pid } = await startTLS({ ...direct, TLS_POLL_SECONDS: "5" });
    for (const number of [2, 3]) {
      await expect.poll(() => sleeping(pid)).toBeDefined();
      mount(authority.issue(), tlsDir);
      process.kill(Number(sleeping(pid)));
      await expect.poll(async () => (await get(tlsPort, ca)).subject).toBe(`site-${number}`);
    }
  });

  test("whose files are missing for a moment does not stop Nginx", async () => {
    const { tlsPort, tlsDir, ca, authority, folder, log } = await startTLS();
    const empty = join(folder, "empty");
    mkdirSync(empty);
    mount(empty, tlsDir);
    await expect.poll(log).toMatch(/cannot load certificate/u);
    expect((await get(tlsPort, ca)).subject).toBe("site-1");
    mount(authority.issue(), tlsDir);
    await expect.poll(async () => (await get(tlsPort, ca)).subject).toBe("site-2");
  });
});

/** The process `sleep` between two checks of the certificate, a grandchild of Nginx. */
function sleeping(nginx: number): number | undefined {
  const children = (pid: number) => readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  return children(nginx).flatMap(children).find((pid) => readFileSync(`/proc/${pid}/comm`, "utf8") === "sleep\n");
}

/** Whether the Nginx on PATH has the directive keepalive_min_timeout (since 1.27.4). */
function hasKeepaliveMinTimeout(): boolean {
  const [, major, minor, patch] = (/nginx\/(\d+)\.(\d+)\.(\d+)/u.exec(spawnSync("nginx", ["-v"], { encoding: "utf8" }).stderr) ?? []).map(Number);
  return Number(major) * 1_000_000 + Number(minor) * 1000 + Number(patch) >= 1_027_004;
}

test.each([
  ["1.22.1", false],
  ["1.26.3", false],
  ["1.27.3", false],
  ["1.27.4", true],
  ["1.28.0", true],
  ["1.30.1", true],
])("Nginx %s is configured with keepalive_min_timeout: %s", (version, has) => {
  const script = `. "$1"; nginx() { echo "nginx version: nginx/${version}" >&2; }; listen_kept`;
  const { stdout, stderr } = spawnSync("sh", ["-euc", script, "sh", join(import.meta.dirname, "../nginx/tls.sh")], { encoding: "utf8" });
  expect([stdout, stderr]).toEqual([has ? "keepalive_min_timeout 5s;\n" : "", ""]);
});

test("a pause that fails at once, between two checks of the certificate, is followed by one of 1 s", () => {
  const script = 'mounted=; run_dir=.; . "$1"; sleep() { echo "sleep $1"; [ "$1" = 1 ] && exit; }; reload_certificates';
  const { stdout, stderr } = spawnSync("sh", ["-euc", script, "sh", join(import.meta.dirname, "../nginx/tls.sh")], { encoding: "utf8", timeout: 5000 });
  expect([stdout.split("\n").slice(0, 3), stderr]).toEqual([["sleep 0.5", "sleep 1", ""], ""]);
});

describe("a wrong environment stops the start", () => {
  test("with all errors at once", async () => {
    const start = await checkStart({ ...direct, API_URL: "x", TLS_HOST: "https://hankki.example.com", TLS_HSTS: "a year", TLS_POLL_SECONDS: "x" });
    expect(start.status).toBe(1);
    expect(start.output.trim().split("\n")).toEqual([
      "hankki-frontend: the environment is wrong, not starting:",
      expect.stringContaining('API_URL="x" is malformed'),
      expect.stringContaining('TLS_HOST="https://hankki.example.com" is malformed'),
      expect.stringContaining('TLS_HSTS="a year" is malformed'),
      expect.stringContaining('TLS_POLL_SECONDS="x" is malformed'),
      expect.stringContaining("tls.crt is missing or empty"),
      expect.stringContaining("tls.key is missing or empty"),
    ]);
  });

  test.each(["hankki.example.com;", "a b", "x{}", "$host", "a\nb", "hankki:443"])("TLS_HOST=%j", async (host) => {
    const authority = newAuthority();
    const start = await checkStart({ ...direct, TLS_HOST: host }, (tlsDir) => mount(authority.issue(), tlsDir));
    expect(start.status).toBe(1);
    expect(start.output).toContain("is malformed");
  });

  test.each(["x", "0", "0.0", ".", "-1", "1m", "1.2.3", "0.00001", "100000"])("TLS_POLL_SECONDS=%j", async (seconds) => {
    const authority = newAuthority();
    const start = await checkStart({ ...direct, TLS_HOST: "hankki.example.com", TLS_POLL_SECONDS: seconds }, (tlsDir) => mount(authority.issue(), tlsDir));
    expect(start).toMatchObject({ status: 1, output: expect.stringContaining(`TLS_POLL_SECONDS="${seconds}" is malformed`) });
  });

  test("an IPv6 address in brackets is accepted", async () => {
    const authority = newAuthority();
    const start = await checkStart({ ...direct, TLS_HOST: "[fd00::4]" }, (tlsDir) => mount(authority.issue(), tlsDir));
    expect(start.output).toContain("test is successful");
    expect(start.written("plain.conf")).toContain("return 308 https://[fd00::4]$request_uri;");
  });

  test("a key that does not match the certificate, reported by Nginx", async () => {
    const authority = newAuthority();
    const start = await checkStart(direct, (tlsDir) => {
      const pair = authority.issue();
      copyFileSync(join(authority.issue(), "tls.key"), join(pair, "tls.key"));
      mount(pair, tlsDir);
    });
    expect(start.status).toBe(1);
    expect(start.output).toContain("key values mismatch");
  });

  test("a TLS port without a certificate", async () => {
    const start = await checkStart({ API_MODE: "door", API_UPSTREAM: "127.0.0.1:5001" });
    expect(start.status).toBe(1);
    expect(start.output).toContain("TLS_HOST is missing");
  });
});

test("without a certificate there is one port, and no https configuration of an earlier start", async () => {
  const start = await checkStart({ API_MODE: "direct", API_URL: "http://10.0.0.3:5000" }, (tlsDir) => {
    mkdirSync(join(tlsDir, "../run"));
    writeFileSync(join(tlsDir, "../run/plain.conf"), "nonsense;");
  });
  expect(start.output).toContain("test is successful");
  expect(start.written("listen.conf")).toMatch(/^listen 127\.0\.0\.1:\d+ so_keepalive=15s:5s:3;\n$/u);
});
