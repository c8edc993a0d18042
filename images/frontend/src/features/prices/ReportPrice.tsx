import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../api/context";
import { explain } from "../../api/explain";
import { reportPrice, type Ingredient } from "../../api/ingredients";
import { mine } from "../../api/queries";
import { refresh } from "../../api/refresh";
import { Field } from "../../components/Field";
import { numberOf } from "../../components/numbers";
import { useForm } from "../../components/useForm";
import { useIdempotencyKey } from "../../components/useIdempotencyKey";
import { useTexts, useTranslation } from "../../i18n";
import { pricesTexts } from "../../i18n/prices";
import { wrongNumber } from "../../i18n/wrongNumber";
import { LogInLink } from "../../session/LogInLink";
import { SubmitOrLogIn } from "../../session/SubmitOrLogIn";
import { useOwner } from "../../session/useSession";
import { useTyped } from "../../session/useTyped";
import { catalogue } from "../recipes/queries";
import { isPer, isPrice } from "./checks";
import { ingredients } from "./queries";
import styles from "./ReportPrice.module.css";

export function ReportPrice({ ingredient }: { ingredient: Ingredient }) {
  const texts = useTexts(pricesTexts);
  return useOwner() ? <PriceForm ingredient={ingredient} /> : <LogInLink>{texts.logInToReport}</LogInLink>;
}

function PriceForm({ ingredient }: { ingredient: Ingredient }) {
  const { t } = useTranslation();
  const texts = useTexts(pricesTexts);
  const api = useApi();
  const queryClient = useQueryClient();
  const [done, setDone] = useState(false);
  const once = useIdempotencyKey();
  const { field, values, failure, busy, onSubmit } = useForm({
    initial: useTyped({ price: "", per: String(ingredient.per) }),
    check: ({ price, per }) => ({
      ...(isPrice(price) ? {} : { price: wrongNumber(price, texts.wonWrong, t) }),
      ...(isPer(per) ? {} : { per: wrongNumber(per, texts.perWrong, t) }),
    }),
    refusals: { price: texts.wonWrong, per: texts.perWrong },
    submit: async ({ price, per }) => {
      setDone(false);
      const reported = { price: numberOf(price), per: numberOf(per) };
      await reportPrice(api, String(ingredient.id), reported, once.keyOf(reported));
      once.done();
      setDone(true);
      // What a meal costs follows the price.
      await refresh(queryClient, [ingredients], [catalogue], [mine]);
    },
  });
  return (
    <form className={styles.form} noValidate onSubmit={onSubmit}>
      <Field {...field("price")} label={texts.won} maxLength={16} required />
      <Field {...field("per")} label={texts.per(t.units[ingredient.unit] || ingredient.unit)} maxLength={16} required />
      <SubmitOrLogIn busy={busy} values={values} logIn={texts.logInToReport}>
        {texts.report}
      </SubmitOrLogIn>
      <div role="alert">{failure && <p className={styles.failure}>{explain(failure, t)}</p>}</div>
      <p role="status">{done && texts.reported}</p>
    </form>
  );
}
