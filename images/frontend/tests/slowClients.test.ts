// @vitest-environment node
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { requireNginx, startSite } from "./support/nginx";
import { open, seconds } from "./support/sockets";

beforeAll(requireNginx);

const direct = { API_MODE: "direct", API_URL: "http://10.0.0.3:5000" };
const head = "GET / HTTP/1.1\r\nHost: hankki\r\n\r\n";
const bodyOf = (length: number) => `POST /api/v1/recipes HTTP/1.1\r\nHost: hankki\r\nContent-Length: ${length}\r\n\r\n`;

function trickle(socket: Socket): void {
  const timer = setInterval(() => socket.write("x"), 1000);
  onTestFinished(() => clearInterval(timer));
}

/** An API that, like the real one, closes a connection whose request has not arrived after `requestTimeout` milliseconds. */
async function startApi(requestTimeout: number): Promise<Server> {
  const api = createServer({ requestTimeout, connectionsCheckingInterval: 500 }, (request, response) => {
    request.resume().on("end", () => response.end("[]"));
  });
  api.on("clientError", (_error, socket) => void socket.destroy());
  await new Promise<void>((resolve) => {
    api.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    api.closeAllConnections();
    api.close();
  });
  return api;
}

async function startProxy(requestTimeout = 20_000) {
  const api = await startApi(requestTimeout);
  return await startSite({ API_MODE: "proxy", API_UPSTREAM: `127.0.0.1:${(api.address() as AddressInfo).port}` });
}

describe("clients that are slow or silent", () => {
  test("are disconnected after a time", { timeout: 40_000 }, async () => {
    const { port } = await startProxy();
    const silent = seconds(await open(port));
    const halfHead = seconds(await open(port, head.slice(0, 20)));
    const trickling = await open(port, `${head.slice(0, -2)}X-Long: `);
    trickle(trickling);
    const tricklingHead = seconds(trickling);
    const halfBody = seconds(await open(port, `${bodyOf(100)}{`));
    for (const [ended, limit] of [[silent, 20], [halfHead, 20], [tricklingHead, 20], [halfBody, 10]] as const) {
      expect(await ended).toBeGreaterThan(limit - 1);
      expect(await ended).toBeLessThan(limit + 5);
    }
  });

  test("do not block others, even if they are more than the connections of Nginx", { timeout: 60_000 }, async () => {
    const { url, port } = await startSite(direct);
    for (let number = 0; number < 5000; number += 1) {
      (await open(port)).resume();
    }
    for (let number = 0; number < 20; number += 1) {
      const began = performance.now();
      expect((await fetch(url, { headers: { Connection: "close" } })).status).toBe(200);
      expect(performance.now() - began).toBeLessThan(1000);
    }
  });

  test("that trickle bodies do not block other bodies, and end after the API's total time", { timeout: 60_000 }, async () => {
    const { url, port } = await startProxy(8000);
    const trickling = [];
    for (let number = 0; number < 800; number += 1) {
      const socket = await open(port, bodyOf(1000));
      trickle(socket);
      trickling.push(seconds(socket));
    }
    for (let number = 0; number < 20; number += 1) {
      const began = performance.now();
      expect((await fetch(`${url}/api/v1/recipes`, { method: "POST", body: "{}" })).status).toBe(200);
      expect(performance.now() - began).toBeLessThan(2000);
    }
    const times = await Promise.all(trickling);
    expect(Math.min(...times)).toBeGreaterThan(7);
    expect(Math.max(...times)).toBeLessThan(25);
  });

  test("that send bodies are limited in number, and reads work", { timeout: 40_000 }, async () => {
    const { url, port } = await startProxy();
    for (let number = 0; number < 1000; number += 1) {
      (await open(port, `${bodyOf(100)}{`)).resume();
    }
    await expect.poll(async () => (await fetch(`${url}/api/v1/recipes`, { method: "POST", body: "{}" })).status).toBe(503);
    const refused = await fetch(`${url}/api/v1/recipes`, { method: "POST", body: "{}" });
    expect(refused.headers.get("content-type")).toContain("application/problem+json");
    expect(refused.headers.get("retry-after")).toBe("5");
    expect((await fetch(`${url}/api/v1/recipes`)).status).toBe(200);
    expect((await fetch(url)).status).toBe(200);
  });
});

test("a large response that its client does not read fills neither the disk nor the memory", { timeout: 40_000 }, async () => {
  const [piece, largest] = [Buffer.alloc(64 * 1024, "x"), 64 * 1024 * 1024];
  let sent = 0;
  const api = createServer((_request, response) => {
    const send = (): void => {
      for (let more = true; more && sent < largest; sent += piece.length) {
        more = response.write(piece);
      }
    };
    response.on("drain", send);
    send();
  });
  await new Promise<void>((resolve) => {
    api.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    api.closeAllConnections();
    api.close();
  });
  const { port } = await startSite({ API_MODE: "proxy", API_UPSTREAM: `127.0.0.1:${(api.address() as AddressInfo).port}` });
  const client = await open(port, head.replace("GET /", "GET /api/v1/me/export"));
  client.pause();
  // The buffers of Nginx and of the kernel are full. Nginx closes the connection after send_timeout, 10 s.
  await expect.poll(() => sent, { timeout: 10_000 }).toBeGreaterThan(1024 * 1024);
  await new Promise((resolve) => {
    setTimeout(resolve, 3000);
  });
  expect(sent).toBeLessThan(largest / 2);
});

test("a vanished client is probed after 15 s of silence", async () => {
  const { port } = await startSite(direct);
  await open(port);
  const server = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const keepalive = "02"; // the timer that the kernel runs for this connection, with what is left of it in 1/100 s
  const timers = () =>
    readFileSync("/proc/net/tcp", "utf8")
      .split("\n")
      .map((row) => row.trim().split(/\s+/u))
      .filter(([, local, , state]) => local === server && state === "01")
      .map((row) => row[5]?.split(":"));
  await expect.poll(() => timers().some((timer) => timer?.[0] === keepalive && Number.parseInt(timer[1] ?? "", 16) <= 1500)).toBe(true);
});

test("a body that is too large is refused with the API's problem document", async () => {
  const { url } = await startProxy();
  const answer = await fetch(`${url}/api/v1/recipes`, { method: "POST", body: "x".repeat(300 * 1024) });
  expect(answer.status).toBe(413);
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f]{32}$/u);
  expect((await fetch(`${url}/api/v1/recipes`, { method: "POST", body: "x".repeat(250 * 1024) })).status).toBe(200);
});
