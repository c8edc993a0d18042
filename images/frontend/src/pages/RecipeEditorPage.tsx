import { useState } from "react";
import { useParams } from "react-router";
import { isGone } from "../api/problem";
import { ErrorNotice } from "../components/ErrorNotice";
import { Loading } from "../components/Loading";
import { draftOf, emptyDraft } from "../features/editor/draft";
import { RecipeForm } from "../features/editor/RecipeForm";
import { readDraft } from "../features/editor/storage";
import { useRecipe } from "../features/recipes/queries";
import { useTexts, useTranslation } from "../i18n";
import { editorTexts } from "../i18n/editor";
import { useUser } from "../session/useSession";
import { NotFoundPage } from "./NotFoundPage";

export function RecipeEditorPage() {
  const { id } = useParams();
  const { t } = useTranslation();
  const texts = useTexts(editorTexts);
  // The session may expire while the editor is open: the draft keeps its owner.
  const user = useUser();
  const [owner] = useState(user);
  if (!owner) {
    return null;
  }
  return (
    <>
      <title>{`${id ? texts.editTitle : texts.newTitle} · ${t.siteName}`}</title>
      {id ? (
        <EditRecipe key={id} id={id} userId={owner.id} />
      ) : (
        <RecipeForm key="new" id="new" userId={owner.id} start={{ draft: emptyDraft(), version: null }} />
      )}
    </>
  );
}

function EditRecipe({ id, userId }: { id: string; userId: number }) {
  const { t } = useTranslation();
  const texts = useTexts(editorTexts);
  const { data, error, isPending, isFetching, refetch } = useRecipe(id);
  // With a draft on this device, the user can continue even if the recipe cannot be loaded or was deleted.
  const [stored] = useState(() => readDraft(id, userId));
  if (data && data.authorId !== userId) {
    return <NotFoundPage what={texts.notYours} />;
  }
  if (data) {
    return <RecipeForm id={id} userId={userId} start={{ draft: draftOf(data), version: data.version }} />;
  }
  if (isPending) {
    return <Loading />;
  }
  const gone = isGone(error);
  if (stored) {
    return <RecipeForm id={id} userId={userId} start={stored} gone={gone} />;
  }
  if (gone) {
    return <NotFoundPage what={t.error.recipeGone} />;
  }
  return <ErrorNotice wholePage error={error} busy={isFetching} onRetry={() => void refetch()} />;
}
