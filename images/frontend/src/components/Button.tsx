import type { ComponentProps } from "react";
import { Link, type LinkProps } from "react-router";
import styles from "./Button.module.css";

interface Look {
  quiet?: boolean;
}

const classes = (quiet = false) => (quiet ? `${styles.button} ${styles.quiet}` : styles.button);

/** A busy button has no effect, but keeps the focus, which a disabled button would lose. */
export function Button({ quiet, busy = false, type = "button", onClick, ...rest }: ComponentProps<"button"> & Look & { busy?: boolean }) {
  return (
    <button
      {...rest}
      // oxlint-disable-next-line react/button-has-type -- the default above is a valid type
      type={type}
      className={classes(quiet)}
      aria-disabled={busy}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    />
  );
}

export function ButtonLink({ quiet, ...rest }: LinkProps & Look) {
  return <Link {...rest} className={classes(quiet)} />;
}
