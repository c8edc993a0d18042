// @vitest-environment node
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { mount, newAuthority } from "./support/certificates";
import { requireNginx, startSite } from "./support/nginx";
import { open, openTLS } from "./support/sockets";

beforeAll(requireNginx);

const direct = { API_MODE: "direct", API_URL: "https://10.0.0.3:5000", TLS_HOST: "hankki.example.com" };
const halfHead = "GET / HTTP/1.1\r\nHost: hank";
const longHead = `GET / HTTP/1.1\r\n${"X-Long: ".padEnd(8000, "x").concat("\r\n").repeat(5)}`;
const http2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const [http2Settings, http2HalfHead] = ["\0\0\0\x04\0\0\0\0\0", "\0\x40\0\x01\x04\0\0\0\x01\x82"]; // a frame of 16 KiB has begun

const [connections, workerConnections, workers] = [400, 2048, 2]; // of hankki.conf
const limit = 384 * 1024; // KiB, of components/nginx.go

async function startTLS() {
  const authority = newAuthority();
  const site = await startSite(direct, (tlsDir) => mount(authority.issue(), tlsDir));
  return { ...site, ca: authority.certificate };
}

type Site = Awaited<ReturnType<typeof startTLS>>;

/** The first bytes that a TLS client sends: a ClientHello. */
async function clientHello(): Promise<Buffer> {
  const server = createServer();
  onTestFinished(() => void server.close());
  return await new Promise((resolve) => {
    server.on("connection", (socket) => {
      socket.once("data", (hello) => {
        socket.destroy();
        resolve(hello);
      });
    });
    server.listen(0, "127.0.0.1", () => void openTLS((server.address() as AddressInfo).port, "").catch(() => undefined));
  });
}

/** Resident memory of Nginx' processes in KiB. */
function resident(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  return [String(pid), ...children]
    .map((process) => Number(/VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${process}/status`, "utf8"))?.[1]))
    .reduce((sum, one) => sum + one);
}

const clients: Record<string, (site: Site, hello: Buffer) => Promise<Socket>> = {
  "that send nothing": ({ port }) => open(port),
  "with half a head": ({ port }) => open(port, halfHead),
  "with half a head of 32 KiB": ({ port }) => open(port, longHead.slice(0, 32 * 1024)),
  "that send nothing instead of a ClientHello": ({ tlsPort }) => open(tlsPort),
  "with half a ClientHello": ({ tlsPort }, hello) => open(tlsPort, hello.subarray(0, hello.length / 2)),
  "that send nothing after the handshake": ({ tlsPort, ca }) => openTLS(tlsPort, ca),
  "with half a head after the handshake": ({ tlsPort, ca }) => openTLS(tlsPort, ca, halfHead),
  "with half a head of 32 KiB after the handshake": ({ tlsPort, ca }) => openTLS(tlsPort, ca, longHead.slice(0, 32 * 1024)),
  "that send nothing after the preface of HTTP/2": ({ tlsPort, ca }) => openTLS(tlsPort, ca, http2 + http2Settings, "h2"),
  "with half a HEADERS frame of HTTP/2": ({ tlsPort, ca }) => openTLS(tlsPort, ca, http2 + http2Settings + http2HalfHead, "h2"),
};

describe("connections", () => {
  test.each(Object.entries(clients))("%s fit into the memory limit, and do not block others", { timeout: 90_000 }, async (_name, connect) => {
    const site = await startTLS();
    const hello = await clientHello();
    const idle = resident(site.pid);
    for (let number = 0; number < connections; number += 1) {
      (await connect(site, hello)).resume();
    }
    const began = performance.now();
    expect((await fetch(`${site.url}/healthz/live`, { headers: { Connection: "close" } })).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(1000);
    const each = (resident(site.pid) - idle) / connections;
    expect(idle + each * workers * workerConnections, `${each} KiB per connection`).toBeLessThan(limit);
  });
});
