import { useAtom } from "jotai";
import { useState } from "react";
import { ApiError } from "../api/problem";
import type { ShoppingList } from "../api/shopping";
import { Button } from "../components/Button";
import { ErrorNotice } from "../components/ErrorNotice";
import message from "../components/Message.module.css";
import { EmptyList } from "../components/EmptyList";
import { choiceAtom, choose, ticksAtom } from "../features/shopping/choice";
import { ChosenRecipes } from "../features/shopping/ChosenRecipes";
import { ShoppingItems } from "../features/shopping/ShoppingItems";
import { OverflowRecipes } from "../features/shopping/OverflowRecipes";
import { useFindExisting, useShoppingList } from "../features/shopping/queries";
import { copy, listAsText } from "../features/shopping/text";
import { isTicked, tick } from "../features/shopping/ticks";
import { useSyncedList } from "../features/shopping/useSyncedList";
import { useTexts, useTranslation } from "../i18n";
import { aislesTexts } from "../i18n/aisles";
import { shoppingTexts } from "../i18n/shopping";
import styles from "./ShoppingListPage.module.css";

export function ShoppingListPage() {
  const { t } = useTranslation();
  const texts = useTexts(shoppingTexts);
  const [choice, setChoice] = useAtom(choiceAtom);
  const [ticks, setTicks] = useAtom(ticksAtom);
  useSyncedList();
  const { data, error, isFetching, refetch } = useShoppingList(choice);
  // The previous list stays while the next one is loading, but not after the last recipe was removed.
  const list = choice.length > 0 ? data : undefined;
  return (
    <div className={styles.page}>
      <title>{`${texts.title} · ${t.siteName}`}</title>
      <h1>{texts.title}</h1>
      {choice.length === 0 ? (
        <EmptyList title={texts.none} hint={texts.noneHint} />
      ) : (
        <ChosenRecipes
          choice={choice}
          current={list?.recipes ?? []}
          onServings={(chosen, servings) => setChoice((before) => choose(before, { ...chosen, servings }))}
          onTakeOut={({ id }) => setChoice((before) => before.filter((chosen) => chosen.id !== id))}
        />
      )}
      <OverflowRecipes />
      {choice.length > 0 && !list && !error && <p role="status">{t.loading}</p>}
      {choice.length > 0 && error && <Failure error={error} busy={isFetching} onRetry={() => void refetch()} />}
      {list && (
        <>
          <ShoppingItems
            list={list}
            isTicked={(item) => isTicked(ticks, item, choice)}
            onTick={(item, done) => setTicks((before) => tick(before, item, choice, done))}
          />
          <Actions list={list} onClear={() => setChoice([])} />
        </>
      )}
    </div>
  );
}

function Failure({ error, busy, onRetry }: { error: Error; busy: boolean; onRetry: () => void }) {
  const texts = useTexts(shoppingTexts);
  const [choice, setChoice] = useAtom(choiceAtom);
  const findExisting = useFindExisting(setChoice);
  if (!(error instanceof ApiError) || error.status !== 404) {
    return <ErrorNotice error={error} busy={busy} onRetry={onRetry} />;
  }
  return (
    <div className={message.message} role="alert">
      <p className={message.title}>{texts.gone}</p>
      <Button quiet busy={findExisting.isPending} onClick={() => findExisting.mutate(choice)}>
        {texts.takeOutGone}
      </Button>
      {findExisting.error && <ErrorNotice error={findExisting.error} />}
    </div>
  );
}

function Actions({ list, onClear }: { list: ShoppingList; onClear: () => void }) {
  const { locale, t } = useTranslation();
  const texts = useTexts(shoppingTexts);
  const [status, setStatus] = useState("");
  const { names: aisles, none: noAisle } = useTexts(aislesTexts);
  const words = { ...texts, aisles, noAisle, servings: t.servings, units: t.units };
  const copyText = async () => setStatus((await copy(listAsText(list, locale, words))) ? texts.copied : texts.copyFailed);
  return (
    <div className={styles.actions}>
      <Button quiet onClick={() => void copyText()}>
        {texts.copy}
      </Button>
      <Button quiet onClick={() => window.print()}>
        {texts.print}
      </Button>
      <Button quiet onClick={onClear}>
        {texts.clear}
      </Button>
      <p role="status">{status}</p>
    </div>
  );
}
