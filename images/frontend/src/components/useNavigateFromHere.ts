import { useEffect, useRef } from "react";
import { useLocation, useNavigate, type NavigateOptions } from "react-router";

/** Goes to another page, for an answer that may come late: not if the person has left this page meanwhile. */
export function useNavigateFromHere(): (to: string, options?: NavigateOptions) => Promise<void> {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const shown = useRef<string | null>(null);
  useEffect(() => {
    shown.current = pathname;
    return () => {
      shown.current = null;
    };
  }, [pathname]);
  return async (to, options) => {
    if (shown.current === pathname) {
      await navigate(to, options);
    }
  };
}
