import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";

const sources = join(import.meta.dirname, "../../nginx");
const entrypoint = join(sources, "entrypoint.sh");

/** These tests need Nginx, and fail without it. */
export function requireNginx(): void {
  if (spawnSync("nginx", ["-v"]).error) {
    throw new Error("nginx is not on PATH: install Debian's package (apt-get install --no-install-recommends nginx)");
  }
}

/*
 * Below, output goes to a file: Nginx reopens /dev/stdout, which is impossible for the sockets that Node uses as pipes.
 */

/** The shipped configuration, moved from the image's paths and ports to a folder and ports of the test. */
async function layOut() {
  const folder = mkdtempSync(join(tmpdir(), "nginx-test-"));
  // Nginx started by root runs its workers as another user.
  chmodSync(folder, 0o755);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const site = join(folder, "site");
  mkdirSync(join(site, "assets"), { recursive: true });
  writeFileSync(join(site, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(site, "assets/app-1a2b.js"), `"${"x".repeat(4096)}";\n`);
  writeFileSync(join(site, "assets/large-1a2b.js"), "x".repeat(512 * 1024));
  writeFileSync(join(site, "assets/app-1a2b.js.gz"), gzipSync('"compressed at build time";\n'));
  const [runDir, tlsDir] = [join(folder, "run"), join(folder, "tls")];
  const [port, tlsPort, statusPort] = [await freePort(), await freePort(), await freePort()];
  const confDir = join(folder, "conf");
  mkdirSync(confDir);
  for (const name of ["hankki.conf", "site.conf", "tls-proxy.conf", "health.conf", "tls.conf", "tls.sh"]) {
    writeFileSync(
      join(confDir, name.startsWith("hankki") ? name : `hankki-${name}`), // as the Dockerfile names them
      readFileSync(join(sources, name), "utf8")
        .replaceAll("/srv/hankki", site)
        .replaceAll("/tmp/hankki", runDir)
        .replaceAll("include /etc/nginx/hankki", `include ${confDir}/hankki`)
        .replace("plain_port=8080", `plain_port=127.0.0.1:${port}`)
        .replace("tls_port=8443", `tls_port=127.0.0.1:${tlsPort}`)
        .replace("listen 127.0.0.1:8081", `listen 127.0.0.1:${statusPort}`),
    );
  }
  const env = {
    PATH: process.env["PATH"],
    HANKKI_RUN_DIR: runDir,
    HANKKI_CONF_DIR: confDir,
    HANKKI_TLS_SH: join(confDir, "hankki-tls.sh"),
    HANKKI_TLS_DIR: tlsDir,
    TLS_POLL_SECONDS: "0.1",
  };
  return { folder, runDir, tlsDir, port, tlsPort, statusPort, env };
}

/** Runs the entrypoint, and lets Nginx only check the resulting configuration (`nginx -t`). */
export async function checkStart(environment: Record<string, string>, prepare: (tlsDir: string) => void = () => {}) {
  const { folder, runDir, tlsDir, env } = await layOut();
  prepare(tlsDir);
  const log = join(folder, "log");
  const output = openSync(log, "a");
  const { status } = spawnSync("sh", [entrypoint, "-t"], { env: { ...env, ...environment }, stdio: ["ignore", output, output] });
  return { status, output: readFileSync(log, "utf8"), written: (name: string) => readFileSync(join(runDir, name), "utf8") };
}

/** Starts the site as the container does, and waits until it responds. */
export async function startSite(environment: Record<string, string>, prepare: (tlsDir: string) => void = () => {}) {
  const { folder, tlsDir, port, tlsPort, statusPort, env } = await layOut();
  prepare(tlsDir);
  const log = join(folder, "log");
  const output = openSync(log, "a");
  const nginx = spawn("sh", [entrypoint], { env: { ...env, ...environment }, stdio: ["ignore", output, output] });
  const ended = new Promise<number | null>((resolve) => {
    nginx.on("exit", resolve);
  });
  onTestFinished(async () => {
    nginx.kill("SIGTERM");
    await ended;
  });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt += 1) {
    try {
      await fetch(`${url}/healthz/live`);
      break;
    } catch (error) {
      if (attempt === 150 || nginx.exitCode !== null) {
        throw new Error(`nginx does not answer at ${url}:\n${readFileSync(log, "utf8")}`, { cause: error });
      }
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
  }
  return {
    url,
    port,
    statusUrl: `http://127.0.0.1:${statusPort}`,
    tlsPort,
    tlsDir,
    pid: nginx.pid ?? 0,
    folder,
    log: () => readFileSync(log, "utf8"),
    stop: async (signal: NodeJS.Signals) => {
      nginx.kill(signal);
      return await ended;
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
