import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** A certificate authority of the test, which signs certificates for 127.0.0.1 and hankki.example.com. */
export function newAuthority() {
  const folder = mkdtempSync(join(tmpdir(), "authority-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const openssl = (...parameters: string[]) => execFileSync("openssl", parameters, { cwd: folder, stdio: "pipe" });
  openssl("req", "-x509", ...ec, "-subj", "/CN=kitchen", "-days", "2", "-keyout", "ca.key", "-out", "ca.crt");
  let issued = 0;
  return {
    certificate: readFileSync(join(folder, "ca.crt"), "utf8"),
    /** A folder with tls.crt and tls.key; number is the certificate's serial number. */
    issue: () => {
      issued += 1;
      const pair = join(folder, String(issued));
      mkdirSync(pair);
      const names = ["-addext", "subjectAltName=DNS:hankki.example.com,IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE"];
      openssl("req", "-x509", ...ec, "-CA", "ca.crt", "-CAkey", "ca.key", "-subj", `/CN=site-${issued}`, ...names, "-days", "1", "-keyout", `${issued}/tls.key`, "-out", `${issued}/tls.crt`);
      return pair;
    },
  };
}

/** Mounts the folder as the kubelet mounts a Secret: each file is a link through ..data, so that one rename replaces all. */
export function mount(pair: string, tlsDir: string): void {
  if (!existsSync(tlsDir)) {
    mkdirSync(tlsDir);
    for (const name of ["tls.crt", "tls.key"]) {
      symlinkSync(join("..data", name), join(tlsDir, name));
    }
  }
  const next = join(tlsDir, "..data_tmp");
  symlinkSync(pair, next);
  renameSync(next, join(tlsDir, "..data"));
}
