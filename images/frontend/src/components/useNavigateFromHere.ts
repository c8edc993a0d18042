import { useEffect, useRef } from "react";
import { useLocation, useNavigate, type NavigateOptions } from "react-router";

/** Opens another page after a response, unless the user has left this page meanwhile. */
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
