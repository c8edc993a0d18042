import { useQueryClient } from "@tanstack/react-query";
import { useApi } from "../../api/context";
import { explain } from "../../api/explain";
import { createIngredient, type Ingredient } from "../../api/ingredients";
import { ApiError } from "../../api/problem";
import { refresh } from "../../api/refresh";
import { Field } from "../../components/Field";
import { oneLine } from "../../components/oneLine";
import { numberOf } from "../../components/numbers";
import { SelectField } from "../../components/SelectField";
import { useForm } from "../../components/useForm";
import { useIdempotencyKey } from "../../components/useIdempotencyKey";
import { useNavigateFromHere } from "../../components/useNavigateFromHere";
import { useTexts, useTranslation } from "../../i18n";
import { pricesTexts } from "../../i18n/prices";
import { wrongNumber } from "../../i18n/wrongNumber";
import { LogInLink } from "../../session/LogInLink";
import { SubmitOrLogIn } from "../../session/SubmitOrLogIn";
import { useOwner } from "../../session/useSession";
import { useTyped } from "../../session/useTyped";
import { AisleField } from "./AisleField";
import { isPer, isPrice } from "./checks";
import { ingredients } from "./queries";
import styles from "./ReportPrice.module.css";

interface Props {
  name: string;
  /** Called with the new ingredient; the default opens its page. */
  onAdded?: ((ingredient: Ingredient) => void) | undefined;
}

/** A form for an ingredient that the search did not find. */
export function NewIngredient({ name, onAdded }: Props) {
  const texts = useTexts(pricesTexts);
  return (
    <section aria-labelledby="add-ingredient" className={styles.add}>
      <h2 id="add-ingredient">{texts.add}</h2>
      <p>{texts.addHint}</p>
      {useOwner() ? <NewIngredientForm name={name} onAdded={onAdded} /> : <LogInLink>{texts.logInToAdd}</LogInLink>}
    </section>
  );
}

const units = ["g", "ml", "piece"];

function NewIngredientForm({ name: sought, onAdded }: Props) {
  const { t } = useTranslation();
  const texts = useTexts(pricesTexts);
  const api = useApi();
  const navigate = useNavigateFromHere();
  const sendOnce = useIdempotencyKey();
  const queryClient = useQueryClient();
  const { field, values, failure, busy, onSubmit } = useForm({
    initial: useTyped({ name: sought, unit: "g", price: "", per: "100", aisle: "" }),
    check: ({ name, price, per }) => ({
      ...(oneLine(name) ? {} : { name: texts.nameWrong }),
      ...(isPrice(price) ? {} : { price: wrongNumber(price, texts.wonWrong, t) }),
      ...(isPer(per) ? {} : { per: wrongNumber(per, texts.perWrong, t, 3) }),
    }),
    refusals: { price: texts.wonWrong, per: texts.perWrong },
    submit: async ({ name, unit, price, per, aisle }) => {
      const ingredient = { name: oneLine(name), unit, price: numberOf(price), per: numberOf(per), ...(aisle && { aisle }) };
      const added = await sendOnce(ingredient, (key) => createIngredient(api, ingredient, key));
      onAdded?.(added);
      await refresh(queryClient, [ingredients]);
      if (!onAdded) {
        await navigate(`/prices/${added.id}`);
      }
    },
  });
  const unit = field("unit");
  const unitName = (one: string) => t.units[one] || one;
  return (
    <form className={styles.form} noValidate onSubmit={onSubmit}>
      <Field {...field("name")} label={texts.name} longest={50} required />
      <SelectField label={texts.soldBy} value={unit.value} options={units.map((one) => [one, unitName(one)])} onChange={unit.onChange} />
      <Field {...field("price")} label={texts.won} maxLength={16} required />
      <Field {...field("per")} label={texts.per(unitName(unit.value))} maxLength={16} required />
      <AisleField value={values.aisle} onChange={field("aisle").onChange} />
      <SubmitOrLogIn busy={busy} values={values} logIn={texts.logInToAdd}>
        {texts.add}
      </SubmitOrLogIn>
      <div role="alert">
        {failure && (
          <p className={styles.failure}>{failure instanceof ApiError && failure.status === 409 ? texts.exists : explain(failure, t)}</p>
        )}
      </div>
    </form>
  );
}
