import { Suspense, useEffect, useRef } from "react";
import { Outlet, useLocation, useNavigationType } from "react-router";
import { useDocumentLanguage, useTranslation } from "../i18n";
import { ErrorBoundary } from "./ErrorBoundary";
import { Footer } from "./Footer";
import { Header } from "./Header";
import styles from "./Layout.module.css";
import { Loading } from "./Loading";
import { NoticeBar } from "./NoticeBar";

export function Layout() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  useDocumentLanguage();
  const main = useStartAtTop();
  return (
    <>
      <a className={styles.skip} href="#content">
        {t.skipToContent}
      </a>
      <Header />
      <NoticeBar />
      <main ref={main} id="content" className={styles.main} tabIndex={-1}>
        <ErrorBoundary key={pathname}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </ErrorBoundary>
      </main>
      <Footer />
    </>
  );
}

/** A new page starts at its top, also for screen readers. After going back, the browser restores the position. */
function useStartAtTop() {
  const { pathname } = useLocation();
  const navigation = useNavigationType();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    // A search changes the address but not the page.
    if (pathname === shown.current) {
      return;
    }
    shown.current = pathname;
    if (navigation !== "POP") {
      window.scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
  }, [pathname, navigation]);
  return main;
}
