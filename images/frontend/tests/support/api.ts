import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Call {
  route: string;
  query: URLSearchParams;
  authorization: string | undefined;
  body: unknown;
  /** The header Idempotency-Key. */
  key: string | undefined;
}

export interface Answer {
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Responses by "METHOD /path" below /api/v1. A function may wait, to delay a response. */
export type Routes = Record<string, (call: Call) => Answer | Promise<Answer>>;

/** A real HTTP server on loopback with the API's paths: requests go through jsdom's XMLHttpRequest, including CORS. */
export async function startApi(routes: Routes) {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const cors = {
        "Access-Control-Allow-Origin": request.headers.origin ?? "null",
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Allow-Headers": "authorization, content-type, idempotency-key",
        "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
        "Access-Control-Expose-Headers": "ETag, Location, Retry-After, X-Request-Id",
      };
      if (request.method === "OPTIONS") {
        response.writeHead(204, cors).end();
        return;
      }
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://api");
      const route = `${request.method} ${pathname.replace("/api/v1", "")}`;
      const idempotencyKey = request.headers["idempotency-key"]?.toString();
      const call = { route, query: searchParams, authorization: request.headers.authorization, body: await readJson(request), key: idempotencyKey };
      calls.push(call);
      const { status = 200, body, headers } = (await routes[route]?.(call)) ?? { status: 404, body: { title: `no route ${route}` } };
      const type = status >= 400 ? "application/problem+json" : "application/json";
      response.writeHead(status, { ...cors, ...headers, "Content-Type": type }).end(body === undefined ? "" : JSON.stringify(body));
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    count: (route: string) => calls.filter((call) => call.route === route).length,
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
  }
  return text === "" ? undefined : JSON.parse(text);
}

export const problem = (status: number, more: object = {}, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: { type: "about:blank", title: `status ${status}`, status, ...more },
});
