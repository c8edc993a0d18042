import { Component, type ReactNode } from "react";
import { useTranslation } from "../i18n";
import { Button } from "./Button";
import styles from "./Message.module.css";

/** An error of a page keeps the header, with its links to other pages. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { t } = useTranslation();
  return (
    <div className={styles.message} role="alert">
      <p className={styles.title}>{t.error.unexpected}</p>
      <Button quiet onClick={() => window.location.reload()}>
        {t.error.reload}
      </Button>
    </div>
  );
}
