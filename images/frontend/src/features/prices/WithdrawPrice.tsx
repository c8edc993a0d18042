import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useApi } from "../../api/context";
import { explain } from "../../api/explain";
import { withdrawPrice } from "../../api/ingredients";
import { ApiError } from "../../api/problem";
import { useTexts, useTranslation } from "../../i18n";
import { pricesTexts } from "../../i18n/prices";
import { refreshPrices } from "./queries";
import styles from "./WithdrawPrice.module.css";

interface Props {
  ingredientId: number;
  priceId: number;
  /** The price as text, for the button's accessible name. */
  what: string;
  onDone?: () => void;
}

/** Shown only to the user who reported the price. */
export function WithdrawPrice({ ingredientId, priceId, what, onDone }: Props) {
  const { t } = useTranslation();
  const texts = useTexts(pricesTexts);
  const api = useApi();
  const queryClient = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      await withdrawPrice(api, String(ingredientId), priceId);
      onDone?.();
      await refreshPrices(queryClient);
    },
  });
  const isOnly = error instanceof ApiError && error.problem === "only-price";
  return (
    <>
      <button
        type="button"
        className={styles.button}
        aria-label={texts.withdrawOf(what)}
        aria-disabled={isPending}
        onClick={() => !isPending && mutate()}
      >
        {texts.withdraw}
      </button>
      {error && (
        <span role="alert" className={styles.failure}>
          {isOnly ? texts.onlyPrice : explain(error, t)}
        </span>
      )}
    </>
  );
}
