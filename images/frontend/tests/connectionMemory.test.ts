// @vitest-environment node
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer as createHTTPServer } from "node:http";
import { connect, type ClientHttp2Session } from "node:http2";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { mount, newAuthority } from "./support/certificates";
import { requireNginx, startSite } from "./support/nginx";
import { open, openTLS } from "./support/sockets";

beforeAll(requireNginx);

const halfHead = "GET / HTTP/1.1\r\nHost: hank";
const longHead = `GET / HTTP/1.1\r\n${"X-Long: ".padEnd(7500, "x").concat("\r\n").repeat(2)}`;
const http2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const [http2Settings, http2HalfHead] = ["\0\0\0\x04\0\0\0\0\0", "\0\x40\0\x01\x04\0\0\0\x01\x82"]; // a frame of 16 KiB has begun

const [connections, warmUp, workerConnections, workers] = [400, 40, 2048, 2]; // of hankki.conf
const [sessions, streams] = [20, 128]; // Nginx' http2_max_concurrent_streams
const limit = 384 * 1024; // KiB, of components/nginx.go
const largest = 64; // KiB of a connection; the rest of the limit is for requests

async function startTLS(api = "127.0.0.1:9") {
  const authority = newAuthority();
  const environment = { API_MODE: "proxy", API_UPSTREAM: api, TLS_HOST: "hankki.example.com" };
  const site = await startSite(environment, (tlsDir) => mount(authority.issue(), tlsDir));
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

const integer = (value: number): number[] => (value < 127 ? [value] : [127, ...sevenBits(value - 127)]);
const sevenBits = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...sevenBits(Math.floor(value / 128))]);
const text = (value: string): Buffer => Buffer.concat([Buffer.from(integer(value.length)), Buffer.from(value)]);

/** A header of HPACK, which is added to the table if `indexed`. */
const header = (name: string, value: string, indexed = false): Buffer => Buffer.concat([Buffer.from([indexed ? 0x40 : 0]), text(name), text(value)]);

const [headersType, continuationType, endOfStream, endOfHeaders] = [1, 9, 1, 4];

const frame = (type: number, flags: number, stream: number, ...content: Buffer[]): Buffer => {
  const payload = Buffer.concat(content);
  return Buffer.concat([Buffer.from([0, payload.length >> 8, payload.length & 255, type, flags, 0, 0, 0, stream]), payload]);
};

const getRoot = [Buffer.from([0x82, 0x84, 0x87]), header(":authority", "hankki")];
const tableEntries = Array.from({ length: 100 }, (_, number) => header(`x-${number}`, "x", true));
const fullTable = frame(headersType, endOfStream + endOfHeaders, 1, ...getRoot, ...tableEntries);
const long = [header("x-long", "x".repeat(7500)), header("x-long", "x".repeat(7500))];
const halfLongHead = frame(headersType, endOfStream, 3, ...getRoot, ...long);
const continued = frame(continuationType, 0, 3, ...long);
const start = Buffer.from(http2 + http2Settings);

const clients: Record<string, (site: Site, hello: Buffer) => Promise<Socket>> = {
  "that send nothing": ({ port }) => open(port),
  "with half a head": ({ port }) => open(port, halfHead),
  "with half a head of 15 KiB": ({ port }) => open(port, longHead),
  "that send nothing instead of a ClientHello": ({ tlsPort }) => open(tlsPort),
  "with half a ClientHello": ({ tlsPort }, hello) => open(tlsPort, hello.subarray(0, hello.length / 2)),
  "that send nothing after the handshake": ({ tlsPort, ca }) => openTLS(tlsPort, ca),
  "with half a head after the handshake": ({ tlsPort, ca }) => openTLS(tlsPort, ca, halfHead),
  "with half a head of 15 KiB after the handshake": ({ tlsPort, ca }) => openTLS(tlsPort, ca, longHead),
  "that send nothing after the preface of HTTP/2": ({ tlsPort, ca }) => openTLS(tlsPort, ca, http2 + http2Settings, "h2"),
  "with half a head of 15 KiB and a full header table of HTTP/2": ({ tlsPort, ca }) => openTLS(tlsPort, ca, Buffer.concat([start, fullTable, halfLongHead]), "h2"),
  "with half a head of 30 KiB and a full header table of HTTP/2": ({ tlsPort, ca }) => openTLS(tlsPort, ca, Buffer.concat([start, fullTable, halfLongHead, continued]), "h2"),
  "with half a HEADERS frame of HTTP/2": ({ tlsPort, ca }) => openTLS(tlsPort, ca, http2 + http2Settings + http2HalfHead, "h2"),
};

describe("connections", () => {
  test.each(Object.entries(clients))("%s fit into the memory limit, and do not block others", { timeout: 90_000 }, async (_name, connectOne) => {
    const site = await startTLS();
    const hello = await clientHello();
    const connectSome = async (count: number) => {
      for (let number = 0; number < count; number += 1) {
        (await connectOne(site, hello)).resume();
      }
    };
    await connectSome(warmUp);
    const before = resident(site.pid);
    await connectSome(connections);
    const began = performance.now();
    expect((await fetch(`${site.url}/healthz/live`, { headers: { Connection: "close" } })).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(1000);
    expect((resident(site.pid) - before) / connections, "KiB per connection").toBeLessThan(largest);
  });
});

const longHeaders = { "x-long-1": "x".repeat(7500), "x-long-2": "x".repeat(7500) };
const requests: Record<string, Record<string, string>> = {
  "for a file": { ":path": "/assets/large-1a2b.js" },
  "for a file, with heads of 15 KiB": { ":path": "/assets/large-1a2b.js", ...longHeaders },
  "to the API": { ":path": "/api/v1/recipes" },
  "to the API, with heads of 15 KiB": { ":path": "/api/v1/recipes", ...longHeaders },
  "to an API that does not respond": { ":path": "/api/v1/silent", ...longHeaders },
  "to the API, with incomplete bodies": { ":method": "POST", ":path": "/api/v1/silent", "content-length": "200000" },
};

/** An API that responds with 30 KB, or never. */
async function startApi(): Promise<string> {
  const body = randomBytes(15_000).toString("hex");
  const api = createHTTPServer(({ url }, response) => void (url?.endsWith("silent") || response.end(body)));
  await new Promise<void>((resolve) => {
    api.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    api.closeAllConnections();
    api.close();
  });
  return `127.0.0.1:${(api.address() as AddressInfo).port}`;
}

/** A client that reads no content of responses. */
async function openSession({ tlsPort, ca }: Site): Promise<ClientHttp2Session> {
  const session = connect(`https://127.0.0.1:${tlsPort}`, { ca, settings: { initialWindowSize: 0 } });
  onTestFinished(() => void session.destroy());
  session.on("error", () => undefined);
  await new Promise<void>((resolve) => {
    session.once("remoteSettings", () => resolve());
  });
  return session;
}

describe("concurrent requests of HTTP/2", () => {
  test.each(Object.entries(requests))("%s fit into the memory limit beside all connections", { timeout: 90_000 }, async (_name, headers) => {
    const site = await startTLS(await startApi());
    const opened: ClientHttp2Session[] = [];
    let refused = 0;
    for (let number = 0; number < sessions; number += 1) {
      const session = await openSession(site);
      opened.push(session);
      for (let stream = 0; stream < streams; stream += 1) {
        const request = session.request(headers, { endStream: headers[":method"] === undefined });
        request.on("error", () => (refused += 1));
        if (headers[":method"] !== undefined) {
          request.write("{".repeat(20_000));
        }
      }
      await new Promise<void>((resolve) => {
        session.ping(() => resolve());
      });
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 1000);
    });
    expect(resident(site.pid)).toBeLessThan(limit - largest * workers * workerConnections);
    expect(refused).toBeGreaterThan(0);
    expect((await fetch(`${site.url}/healthz/live`)).status).toBe(200);

    for (const session of opened) {
      session.destroy();
    }
    await expect.poll(async () => await statusOf(site)).toBe(200);
  });
});

async function statusOf(site: Site): Promise<number | undefined> {
  const request = (await openSession(site)).request({ ":path": "/" });
  return await new Promise((resolve) => {
    request.on("response", (headers) => resolve(headers[":status"]));
    request.on("error", () => resolve(undefined));
  });
}
