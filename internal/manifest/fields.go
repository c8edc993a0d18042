package manifest

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Field is a changed field. An absent value is nil.
type Field struct {
	Path string `json:"path"` // e.g. spec.template.spec.containers[flask].env[REDIS_HOST].value
	Old  any    `json:"old,omitempty"`
	New  any    `json:"new,omitempty"`
}

// String returns, for example, "spec.replicas: 5 → 3".
func (f Field) String() string { return f.Path + ": " + show(f.Old) + " → " + show(f.New) }

// Under returns the part of the path below the prefix; false for other fields.
func (f Field) Under(prefix string) (string, bool) {
	rest, under := strings.CutPrefix(f.Path, prefix)
	return strings.TrimPrefix(rest, "."), under && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// longest is the number of characters printed of a value.
const longest = 80

func show(value any) string {
	if value == nil {
		return "none"
	}
	text, isText := value.(string)
	if !isText {
		bytes, err := json.Marshal(value)
		if err != nil {
			return fmt.Sprint(value)
		}
		text = string(bytes)
	}
	text = shorten(text)
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	if text == "" {
		return `""`
	}
	return strings.ReplaceAll(text, "\n", "⏎")
}

// digest matches the digest of an image, with its first twelve digits in a group.
var digest = regexp.MustCompile(`(@sha256:[0-9a-f]{12})[0-9a-f]+`)

// shorten keeps twelve digits of the digest of each image.
func shorten(text string) string { return digest.ReplaceAllString(text, "$1") }

// Compare lists the changed fields, sorted by path. Named list items are matched by name.
func Compare(before, after map[string]any) []Field {
	var fields []Field
	compare("", before, after, &fields)
	slices.SortStableFunc(fields, func(a, b Field) int { return strings.Compare(a.Path, b.Path) })
	return fields
}

func compare(path string, before, after any, fields *[]Field) {
	if reflect.DeepEqual(before, after) {
		return
	}
	switch old := before.(type) {
	case map[string]any:
		if now, ok := after.(map[string]any); ok {
			compareMaps(old, now, func(key string) string { return join(path, key) }, fields)
			return
		}
	case []any:
		if now, ok := after.([]any); ok {
			was, is := items(old), items(now)
			compareMaps(was.byKey, is.byKey, func(key string) string { return path + "[" + key + "]" }, fields)
			// A changed order is a change too: it replaces pods.
			if len(was.keys) == len(is.keys) && !slices.Equal(was.keys, is.keys) && slices.Equal(slices.Sorted(slices.Values(was.keys)), slices.Sorted(slices.Values(is.keys))) {
				*fields = append(*fields, Field{path + "[order]", strings.Join(was.keys, ", "), strings.Join(is.keys, ", ")})
			}
			return
		}
	}
	*fields = append(*fields, Field{path, before, after})
}

func compareMaps(before, after map[string]any, path func(string) string, fields *[]Field) {
	keys := maps.Clone(before)
	maps.Copy(keys, after)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		compare(path(key), before[key], after[key], fields)
	}
}

// join writes a key with a dot in brackets, for example of annotations and labels.
func join(path, key string) string {
	switch {
	case strings.ContainsAny(key, "./"):
		return path + "[" + key + "]"
	case path == "":
		return key
	default:
		return path + "." + key
	}
}

// keyed is a list whose items have keys.
type keyed struct {
	keys  []string // in the order of the list
	byKey map[string]any
}

// items returns a list's items by name, or by index if a name is missing or occurs twice.
func items(list []any) keyed {
	byName, byPlace := keyed{byKey: map[string]any{}}, keyed{byKey: map[string]any{}}
	for i, item := range list {
		place := strconv.Itoa(i)
		byPlace.keys, byPlace.byKey[place] = append(byPlace.keys, place), item
		m, _ := item.(map[string]any)
		if name, ok := m["name"].(string); ok {
			byName.keys, byName.byKey[name] = append(byName.keys, name), item
		}
	}
	if len(byName.byKey) == len(list) {
		return byName
	}
	return byPlace
}

// Lines returns one line per field.
func Lines(fields []Field) []string {
	lines := make([]string, len(fields))
	for i, f := range fields {
		lines[i] = fmt.Sprint(f)
	}
	return lines
}
