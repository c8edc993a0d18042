import { accessSync, constants } from "node:fs";

/** The environment variables of a run. All errors are reported at once. */
export interface Environment {
  siteUrl: URL;
  /** The API's URL for the browser; the origin of siteUrl if Nginx forwards /api. */
  apiUrl: URL;
  chromium: string;
  /** Folder for screenshots; undefined: no screenshots. */
  screenshots: string | undefined;
  /** Lifetime of the API's access tokens in seconds, if it is short enough to wait for. */
  accessTokenLifetime: number | undefined;
}

export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const problems: string[] = [];
  const url = (name: string, example: string): URL => {
    const value = env[name] ?? "";
    if (!URL.canParse(value)) {
      problems.push(`${name}=${JSON.stringify(value)}: expected an address such as ${example}`);
      return new URL(example);
    }
    return new URL(value);
  };
  const siteUrl = url("SITE_URL", "http://10.0.0.4/");
  const apiUrl = url("API_URL", "http://10.0.0.3:5000");
  const chromium = env["CHROMIUM"] ?? "/usr/bin/chromium-headless-shell";
  try {
    accessSync(chromium, constants.X_OK);
  } catch {
    problems.push(`CHROMIUM=${JSON.stringify(chromium)}: no such program; install Debian's package chromium-headless-shell or name another`);
  }
  const lifetime = env["ACCESS_TOKEN_LIFETIME"];
  if (lifetime !== undefined && !/^[1-9]\d?$/u.test(lifetime)) {
    problems.push(`ACCESS_TOKEN_LIFETIME=${JSON.stringify(lifetime)}: expected 1 to 99 seconds, as the API has it, or nothing`);
  }
  if (problems.length > 0) {
    throw new Error(`the browser test cannot run:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  }
  return {
    siteUrl,
    apiUrl,
    chromium,
    screenshots: env["SCREENSHOTS"] || undefined,
    accessTokenLifetime: lifetime === undefined ? undefined : Number(lifetime),
  };
}
