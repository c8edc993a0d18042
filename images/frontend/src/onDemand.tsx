import { useQuery } from "@tanstack/react-query";
import type { ComponentType } from "react";
import { ApiError } from "./api/problem";
import { ErrorNotice } from "./components/ErrorNotice";
import { Loading } from "./components/Loading";

/** In the session's storage between a reload for a page's code and the first page that came. */
const reloaded = "hankki.reloaded";

/**
 * A page whose code is fetched when it is first opened. Without a network that is told as any failure is. Where the site
 * answers but the code did not come, a deployment has replaced it: the document is loaded anew, once.
 */
export function onDemand(name: string, load: () => Promise<ComponentType>, reload = () => window.location.reload()): ComponentType {
  // Browsers remember a module that failed, and Vite a stylesheet: only a new document asks for them again.
  let broken: { by: unknown } | undefined;

  const fetchCode = async (): Promise<ComponentType> => {
    if (!broken) {
      try {
        const code = await load();
        sessionStorage.removeItem(reloaded);
        return code;
      } catch (error) {
        broken = { by: error };
      }
    }
    await expectSite();
    if (sessionStorage.getItem(reloaded) !== null) {
      throw broken.by;
    }
    sessionStorage.setItem(reloaded, name);
    reload();
    // This document shows nothing more.
    return await new Promise(() => {});
  };

  return function PageOnDemand() {
    const { data: Page, error, isFetching, refetch } = useQuery({
      queryKey: ["page", name],
      queryFn: fetchCode,
      staleTime: Infinity,
      gcTime: Infinity,
      // What is not the network's fault is the error boundary's matter.
      throwOnError: (failure) => !(failure instanceof ApiError),
    });
    if (Page) {
      return <Page />;
    }
    return error ? <ErrorNotice wholePage error={error} busy={isFetching} onRetry={() => void refetch()} /> : <Loading />;
  };
}

async function expectSite(): Promise<void> {
  let status = 0;
  try {
    ({ status } = await fetch("/", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(15_000) }));
  } catch {
    // No answer at all: the status stays 0.
  }
  if (status === 0 || status >= 500) {
    throw new ApiError(status, "the site does not answer");
  }
}
