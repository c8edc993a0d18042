import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useApi } from "../../api/context";
import { explain } from "../../api/explain";
import { reportPrice, type Ingredient, type NewPrice, type Price, type ReportedPrice } from "../../api/ingredients";
import { isRefused } from "../../api/once";
import { ApiError } from "../../api/problem";
import { Field } from "../../components/Field";
import { numberOf } from "../../components/numbers";
import { useForm } from "../../components/useForm";
import { useIdempotencyKey } from "../../components/useIdempotencyKey";
import { useTexts, useTranslation } from "../../i18n";
import { formatQuantity, formatWon } from "../../i18n/format";
import { pricesTexts } from "../../i18n/prices";
import { wrongNumber } from "../../i18n/wrongNumber";
import { LogInLink } from "../../session/LogInLink";
import { SubmitOrLogIn } from "../../session/SubmitOrLogIn";
import { useOwner } from "../../session/useSession";
import { useTyped } from "../../session/useTyped";
import { ConfirmPrice } from "./ConfirmPrice";
import { isPer, isPrice } from "./checks";
import { MovedRecipes } from "./MovedRecipes";
import { refreshPrices } from "./queries";
import styles from "./ReportPrice.module.css";
import { WithdrawPrice } from "./WithdrawPrice";

export function ReportPrice({ ingredient }: { ingredient: Ingredient }) {
  const texts = useTexts(pricesTexts);
  return useOwner() ? <PriceForm ingredient={ingredient} /> : <LogInLink>{texts.logInToReport}</LogInLink>;
}

function PriceForm({ ingredient }: { ingredient: Ingredient }) {
  const { locale, t } = useTranslation();
  const texts = useTexts(pricesTexts);
  const api = useApi();
  const queryClient = useQueryClient();
  const [sent, setSent] = useState<NewPrice>();
  const [done, setDone] = useState(false);
  const [added, setAdded] = useState<Price>();
  const sendOnce = useIdempotencyKey();
  // A confirmed price without a response. Reporting it again repeats this request, which adds it once.
  const confirmed = useRef<ReportedPrice>(undefined);
  const send = async (reported: ReportedPrice) => {
    setDone(false);
    setAdded(undefined);
    setAdded(await sendOnce(reported, (key) => reportPrice(api, String(ingredient.id), reported, key)));
    setDone(true);
    setSent(undefined);
    confirmed.current = undefined;
    await refreshPrices(queryClient);
  };
  const { field, values, failure, busy, onSubmit } = useForm({
    initial: useTyped({ price: "", per: String(ingredient.per) }),
    check: ({ price, per }) => ({
      ...(isPrice(price) ? {} : { price: wrongNumber(price, texts.wonWrong, t) }),
      ...(isPer(per) ? {} : { per: wrongNumber(per, texts.perWrong, t, 3) }),
    }),
    refusals: { price: texts.wonWrong, per: texts.perWrong },
    submit: async (typed) => {
      const price = priceOf(typed);
      const reported = isSame(confirmed.current, price) ? confirmed.current : price;
      setSent(reported);
      try {
        await send(reported);
      } catch (error) {
        if (isUnusual(error)) {
          // The last price may have changed since this page loaded it.
          await refreshPrices(queryClient);
        }
        throw error;
      }
    },
  });
  const confirm = async (price: NewPrice) => {
    const reported: ReportedPrice = { ...price, confirm: true };
    confirmed.current = reported;
    try {
      await send(reported);
    } catch (error) {
      if (isRefused(error)) {
        confirmed.current = undefined;
      }
      throw error;
    }
  };
  const unusual = isUnusual(failure);
  return (
    <>
    <form className={styles.form} noValidate onSubmit={onSubmit}>
      <Field {...field("price")} label={texts.won} maxLength={16} required />
      <Field {...field("per")} label={texts.per(t.units[ingredient.unit] || ingredient.unit)} maxLength={16} required />
      <SubmitOrLogIn busy={busy} values={values} logIn={texts.logInToReport}>
        {texts.report}
      </SubmitOrLogIn>
      {unusual && isSame(sent, priceOf(values)) && (
        <ConfirmPrice ingredient={ingredient} reported={sent} onConfirm={() => confirm(sent)} />
      )}
      <div role="alert">{failure && !unusual && <p className={styles.failure}>{explain(failure, t)}</p>}</div>
      <p role="status">{done && texts.reported}</p>
      {added?.id !== undefined && (
        <WithdrawPrice
          key={added.id}
          ingredientId={ingredient.id}
          priceId={added.id}
          what={texts.priceFor(formatWon(added.price, locale), formatQuantity(added.per, ingredient.unit, locale, t.units))}
          onDone={() => {
            setDone(false);
            setAdded(undefined);
          }}
        />
      )}
    </form>
    {added?.id !== undefined && <MovedRecipes ingredientId={ingredient.id} priceId={added.id} />}
    </>
  );
}

const priceOf = ({ price, per }: { price: string; per: string }): NewPrice => ({ price: numberOf(price), per: numberOf(per) });

const isSame = (one: NewPrice | undefined, other: NewPrice): one is NewPrice => one?.price === other.price && one.per === other.per;

const isUnusual = (error: unknown): boolean => error instanceof ApiError && error.problem === "price-unusual";
