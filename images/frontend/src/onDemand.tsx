import { lazy, useEffect, useReducer, useTransition, type FunctionComponent } from "react";
import { ApiError } from "./api/problem";
import { ErrorNotice } from "./components/ErrorNotice";

/** Key in Session Storage between a reload for a page's code and the first page that is loaded. */
const reloaded = "hankki.reloaded";

const reloads = {
  /** Whether this is the first reload. False without Session Storage, because reloads would then never end. */
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
      // Nothing was stored.
    }
  },
};

interface Retry {
  busy: boolean;
  onRetry: () => void;
}

interface Options {
  /** Loads the page's data at the same time. */
  useData?: () => void;
  reload?: () => void;
  /** False for a part of a page: an error is then not the page's heading. */
  wholePage?: boolean;
}

/**
 * A page, or a part of one, whose code is loaded when it is first opened. A network failure is shown like any other and can
 * be retried, which React's `lazy` does not support. If the site responds but the code is missing, a deployment has replaced
 * it: the document is reloaded once.
 */
export function onDemand(
  name: string,
  load: () => Promise<FunctionComponent>,
  { useData = () => {}, reload = () => window.location.reload(), wholePage = true }: Options = {},
): FunctionComponent {
  // Browsers cache a failed module, and Vite a failed stylesheet: only a new document loads them again.
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
    // The document is being replaced.
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
    // A later visit tries again.
    useEffect(() => forget, []);
    return <ErrorNotice wholePage={wholePage} error={error} busy={busy} onRetry={onRetry} />;
  };
}

async function siteFailure(): Promise<ApiError | undefined> {
  let status = 0;
  try {
    ({ status } = await fetch("/", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(15_000) }));
  } catch {
    // No response: the status stays 0.
  }
  return status === 0 || status >= 500 ? new ApiError(status, "the site does not answer") : undefined;
}
