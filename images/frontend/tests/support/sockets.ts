import { connect, type Socket } from "node:net";
import { connect as connectTLS } from "node:tls";
import { onTestFinished } from "vitest";

/** A connection that is closed when the test ends. It sends `first`, and accepts that the server resets it. */
export async function open(port: number, first: string | Buffer = ""): Promise<Socket> {
  return await ready(connect(port, "127.0.0.1"), "connect", first);
}

/** The same after a TLS handshake. `protocol` is that of ALPN. */
export async function openTLS(port: number, ca: string, first: string | Buffer = "", protocol = "http/1.1"): Promise<Socket> {
  return await ready(connectTLS({ host: "127.0.0.1", port, ca, ALPNProtocols: [protocol] }), "secureConnect", first);
}

async function ready(socket: Socket, event: "connect" | "secureConnect", first: string | Buffer): Promise<Socket> {
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined); // a reset ends it as well
  await new Promise<void>((resolve) => {
    socket.once(event, resolve);
  });
  socket.write(first);
  return socket;
}

/** Seconds until the server closes the connection; its response is read and dropped. */
export async function seconds(socket: Socket): Promise<number> {
  const began = performance.now();
  socket.resume();
  await new Promise<void>((resolve) => {
    socket.once("close", () => resolve());
  });
  return (performance.now() - began) / 1000;
}
