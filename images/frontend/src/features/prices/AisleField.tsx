import { SelectField } from "../../components/SelectField";
import { useTexts } from "../../i18n";
import { aislesTexts } from "../../i18n/aisles";

interface Props {
  /** The API's name; empty: not known. */
  value: string;
  onChange: (aisle: string) => void;
}

/** Asks where a shop has an ingredient. An aisle that only a later release knows is offered by its own name. */
export function AisleField({ value, onChange }: Props) {
  const texts = useTexts(aislesTexts);
  const names = value === "" || value in texts.names ? texts.names : { ...texts.names, [value]: value };
  return <SelectField label={texts.aisle} hint={texts.hint} value={value} options={[["", texts.notKnown], ...Object.entries(names)]} onChange={onChange} />;
}
