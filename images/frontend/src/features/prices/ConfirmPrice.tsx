import { useMutation } from "@tanstack/react-query";
import { explain } from "../../api/explain";
import type { Ingredient, NewPrice } from "../../api/ingredients";
import { Button } from "../../components/Button";
import { useTexts, useTranslation } from "../../i18n";
import { formatQuantity, formatWon } from "../../i18n/format";
import { pricesTexts } from "../../i18n/prices";
import styles from "./ReportPrice.module.css";

interface Props {
  ingredient: Ingredient;
  reported: NewPrice;
  onConfirm: () => Promise<void>;
}

/** Asks for confirmation of a price that the API refused, because it differs from the latest one by a large factor. */
export function ConfirmPrice({ ingredient, reported, onConfirm }: Props) {
  const { locale, t } = useTranslation();
  const texts = useTexts(pricesTexts);
  const { mutate, isPending, error } = useMutation({ mutationFn: onConfirm });
  const { unit, price, per } = ingredient;
  const words = (one: NewPrice) => texts.priceFor(formatWon(one.price, locale), formatQuantity(one.per, unit, locale, t.units));
  const times = reported.price / reported.per / (price / per);
  const rounded = Math.round(times > 1 ? times : 1 / times).toLocaleString(locale);
  return (
    <div className={styles.ask} role="group" aria-labelledby="ask-again">
      <p id="ask-again" role="alert">
        {texts.lastPrice(words({ price, per }))} {times > 1 ? texts.timesDearer(words(reported), rounded) : texts.timesCheaper(words(reported), rounded)}
      </p>
      <div>
        <Button quiet busy={isPending} onClick={() => mutate()}>
          {texts.isRight}
        </Button>
      </div>
      {error && <p role="alert">{explain(error, t)}</p>}
    </div>
  );
}
