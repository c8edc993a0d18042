import { QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Suspense } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { createQueryClient } from "../src/api/queries";
import { ErrorBoundary } from "../src/components/ErrorBoundary";
import { Loading } from "../src/components/Loading";
import { onDemand } from "../src/onDemand";

const missing = new TypeError("Failed to fetch dynamically imported module");

afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

/** A page whose code `load` loads, on a site that responds with `status`; 0: no response. */
function open(load: () => Promise<() => React.ReactElement>, site: { status: number }) {
  vi.stubGlobal("fetch", () => (site.status === 0 ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve({ status: site.status })));
  const reload = vi.fn<() => void>();
  const useData = vi.fn<() => void>();
  const Page = onDemand("Test", load, { useData, reload });
  const show = () => {
    cleanup();
    const queryClient = createQueryClient();
    queryClient.setDefaultOptions({ queries: { ...queryClient.getDefaultOptions().queries, retryDelay: 1 } });
    render(
      <QueryClientProvider client={queryClient}>
        <ErrorBoundary>
          <Suspense fallback={<Loading />}>
            <Page />
          </Suspense>
        </ErrorBoundary>
      </QueryClientProvider>,
    );
  };
  show();
  return { reload, show, useData, user: userEvent.setup() };
}

test("the page is shown when its code is loaded", async () => {
  const { reload, useData } = open(() => Promise.resolve(() => <h1>여기요</h1>), { status: 200 });
  expect(screen.getByText("불러오는 중…")).toBeInTheDocument();
  expect(useData, "before the code is there").toHaveBeenCalled();
  expect(await screen.findByRole("heading", { name: "여기요" })).toBeInTheDocument();
  expect(reload).not.toHaveBeenCalled();
});

test.each([
  [0, /서버에 닿지 못했어요/u],
  [503, /지금은 서버가 바빠요/u],
])("missing code while the site responds with %d is reported; a retry reloads the document", async (status, heading) => {
  const site = { status };
  const { reload, user } = open(() => Promise.reject(missing), site);
  expect(await screen.findByRole("heading", { name: heading })).toBeInTheDocument();
  expect(reload).not.toHaveBeenCalled();
  site.status = 200;
  await user.click(screen.getByRole("button", { name: "다시 시도" }));
  await waitFor(() => expect(reload).toHaveBeenCalledOnce());
});

test("code that a deployment has replaced: the document is reloaded, but only once", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { reload } = open(() => Promise.reject(missing), { status: 200 });
  await waitFor(() => expect(reload).toHaveBeenCalledOnce());

  // The new document does not find the code either.
  const second = open(() => Promise.reject(missing), { status: 200 });
  expect(await screen.findByRole("button", { name: "새로 고침" })).toBeInTheDocument();
  expect(second.reload).not.toHaveBeenCalled();
});

test("after a successful page, the next deployment may reload the document again", async () => {
  sessionStorage.setItem("hankki.reloaded", "Test");
  open(() => Promise.resolve(() => <h1>여기요</h1>), { status: 200 });
  await screen.findByRole("heading", { name: "여기요" });
  const { reload } = open(() => Promise.reject(missing), { status: 200 });
  await waitFor(() => expect(reload).toHaveBeenCalledOnce());
});

test("in a browser without storage, the document is not reloaded repeatedly", async () => {
  vi.stubGlobal("sessionStorage", undefined);
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { reload } = open(() => Promise.reject(missing), { status: 200 });
  expect(await screen.findByRole("alert")).toBeInTheDocument();
  expect(reload).not.toHaveBeenCalled();
});
