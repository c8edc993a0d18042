import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "react-router";
import { useApi } from "../../api/context";
import { explain } from "../../api/explain";
import { reportPrice, type Ingredient } from "../../api/ingredients";
import { mine } from "../../api/queries";
import { Button, ButtonLink } from "../../components/Button";
import { Field } from "../../components/Field";
import { useForm } from "../../components/useForm";
import { useTexts, useTranslation } from "../../i18n";
import { pricesTexts } from "../../i18n/prices";
import type { LoginState } from "../../session/loginState";
import { useUser } from "../../session/useSession";
import { catalogue } from "../recipes/queries";
import { isPer, isPrice } from "./checks";
import { ingredients } from "./queries";
import styles from "./ReportPrice.module.css";

export function ReportPrice({ ingredient }: { ingredient: Ingredient }) {
  const texts = useTexts(pricesTexts);
  const user = useUser();
  const { pathname } = useLocation();
  const state: LoginState = { from: pathname };
  return user ? (
    <PriceForm ingredient={ingredient} />
  ) : (
    <ButtonLink quiet to="/login" state={state}>
      {texts.logInToReport}
    </ButtonLink>
  );
}

function PriceForm({ ingredient }: { ingredient: Ingredient }) {
  const { t } = useTranslation();
  const texts = useTexts(pricesTexts);
  const api = useApi();
  const queryClient = useQueryClient();
  const [done, setDone] = useState(false);
  const { field, failure, busy, onSubmit } = useForm({
    initial: { price: "", per: String(ingredient.per) },
    check: ({ price, per }) => ({
      ...(isPrice(price) ? {} : { price: texts.wonWrong }),
      ...(isPer(per) ? {} : { per: texts.perWrong }),
    }),
    refusals: { price: texts.wonWrong, per: texts.perWrong },
    submit: async ({ price, per }) => {
      setDone(false);
      await reportPrice(api, String(ingredient.id), { price: Number(price), per: Number(per) });
      setDone(true);
      // What a meal costs follows the price.
      await Promise.all([ingredients, catalogue, mine].map((queryKey) => queryClient.invalidateQueries({ queryKey: [queryKey] })));
    },
  });
  return (
    <form className={styles.form} noValidate onSubmit={onSubmit}>
      <Field {...field("price")} label={texts.won} inputMode="numeric" maxLength={8} required />
      <Field {...field("per")} label={texts.per(t.units[ingredient.unit] || ingredient.unit)} inputMode="decimal" maxLength={12} required />
      <Button type="submit" busy={busy}>
        {texts.report}
      </Button>
      <div role="alert">{failure && <p className={styles.failure}>{explain(failure, t)}</p>}</div>
      <p role="status">{done && texts.reported}</p>
    </form>
  );
}
