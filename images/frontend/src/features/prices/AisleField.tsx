import { SelectField } from "../../components/SelectField";
import { useTexts } from "../../i18n";
import { aislesTexts } from "../../i18n/aisles";

interface Props {
  /** The API's name of the aisle; empty: unknown. */
  value: string;
  onChange: (aisle: string) => void;
}

/** A select for the aisle of an ingredient. An aisle of a later release is listed by its API name. */
export function AisleField({ value, onChange }: Props) {
  const texts = useTexts(aislesTexts);
  const names = value === "" || value in texts.names ? texts.names : { ...texts.names, [value]: value };
  return <SelectField label={texts.aisle} hint={texts.hint} value={value} options={[["", texts.unknown], ...Object.entries(names)]} onChange={onChange} />;
}
