import { lazy, useEffect, useReducer, useTransition, type FunctionComponent } from "react";
import { ApiError } from "./api/problem";
import { ErrorNotice } from "./components/ErrorNotice";

/** In the session's storage between a reload for a page's code and the first page that came. */
const reloaded = "hankki.reloaded";

const reloads = {
  /** Whether it is the first one. Where a browser keeps nothing that can't be told: without this they would not end. */
  note: (name: string): boolean => {
    try {
      const isFirst = sessionStorage.getItem(reloaded) === null;
      sessionStorage.setItem(reloaded, name);
      return isFirst;
    } catch {
      return false;
    }
  },
  forget: (): void => {
    try {
      sessionStorage.removeItem(reloaded);
    } catch {
      // Nothing was noted.
    }
  },
};

interface Retry {
  busy: boolean;
  onRetry: () => void;
}

interface Options {
  /** Asks for what the page will show, meanwhile. */
  useData?: () => void;
  reload?: () => void;
  /** False for a part of a page: what happened is not the page's heading then. */
  wholePage?: boolean;
}

/**
 * A page, or a part of one, whose code is fetched when it is first opened. Without a network that is told as any failure is, and can be tried
 * again, which React's `lazy` can't. Where the site answers but the code did not come, a deployment has replaced it: the
 * document is loaded anew, once.
 */
export function onDemand(
  name: string,
  load: () => Promise<FunctionComponent>,
  { useData = () => {}, reload = () => window.location.reload(), wholePage = true }: Options = {},
): FunctionComponent {
  // Browsers remember a module that failed, and Vite a stylesheet: only a new document asks for them again.
  let broken: { by: unknown } | undefined;

  const fetchCode = async (forget: () => void): Promise<FunctionComponent<Retry>> => {
    if (!broken) {
      try {
        const Page = await load();
        reloads.forget();
        return Page;
      } catch (error) {
        broken = { by: error };
      }
    }
    const error = await siteFailure();
    if (error) {
      return failure(error, wholePage, forget);
    }
    if (!reloads.note(name)) {
      throw broken.by;
    }
    reload();
    // This document shows nothing more.
    return await new Promise(() => {});
  };

  const ask = () => {
    const asked = lazy(async () => ({
      default: await fetchCode(() => {
        if (Code === asked) {
          Code = ask();
        }
      }),
    }));
    return asked;
  };
  let Code = ask();

  return function PageOnDemand() {
    const [busy, startRetry] = useTransition();
    const [, renderAgain] = useReducer((times: number) => times + 1, 0);
    useData();
    const retry = () => {
      Code = ask();
      startRetry(renderAgain);
    };
    return <Code busy={busy} onRetry={retry} />;
  };
}

function failure(error: ApiError, wholePage: boolean, forget: () => void): FunctionComponent<Retry> {
  return function Failure({ busy, onRetry }) {
    // Whoever comes back later asks anew.
    useEffect(() => forget, []);
    return <ErrorNotice wholePage={wholePage} error={error} busy={busy} onRetry={onRetry} />;
  };
}

async function siteFailure(): Promise<ApiError | undefined> {
  let status = 0;
  try {
    ({ status } = await fetch("/", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(15_000) }));
  } catch {
    // No answer at all: the status stays 0.
  }
  return status === 0 || status >= 500 ? new ApiError(status, "the site does not answer") : undefined;
}
