import { useId, type ReactNode } from "react";
import { useTranslation } from "../i18n";
import styles from "./Menu.module.css";

/**
 * Links and buttons behind a button of the header. The browser's popover closes it on Escape and on a press outside,
 * returns the focus, and exposes whether it is open. A browser without popovers shows the content below the header.
 */
export function Menu({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <>
      <button type="button" className={styles.button} popoverTarget={id} aria-label={t.menu}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M4 7h16M4 12h16M4 17h16" />
        </svg>
      </button>
      {/* Any choice closes the menu. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
      <div id={id} className={styles.menu} popover="auto" onClick={({ currentTarget }) => currentTarget.hidePopover?.()}>
        {children}
      </div>
    </>
  );
}
