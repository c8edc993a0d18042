package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-viper/mapstructure/v2"
)

// unmarshal decodes exactly one JSON value. Numbers keep their text, so 2.5 replicas are an error and not 2.
func unmarshal(text string, into any) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return err //nolint:wrapcheck // the caller adds the key
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("unexpected data after the value")
	}
	return nil
}

// checkKeys reports keys that the object type does not have.
func (l *loader) checkKeys(path string, raw any, typ reflect.Type) {
	object, isObject := raw.(map[string]any)
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if list, isList := raw.([]any); isList && typ.Kind() == reflect.Slice {
		for i, element := range list {
			l.checkKeys(fmt.Sprintf("%s[%d]", path, i), element, typ.Elem())
		}
		return
	}
	if !isObject || typ.Kind() != reflect.Struct {
		return
	}
	known := map[string]reflect.Type{}
	for _, field := range reflect.VisibleFields(typ) {
		if field.Anonymous {
			continue // promoted fields are listed themselves
		}
		known[field.Tag.Get("mapstructure")] = field.Type
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if inner, found := known[name]; found {
			l.checkKeys(path+"."+name, object[name], inner)
			continue
		}
		l.add("%s.%s is unknown: %s", path, name, suggestion(name, path+".", path+" has", slices.Sorted(maps.Keys(known))))
	}
}

// suggestion returns the key below prefix that differs from an unknown one only in case, otherwise the list of all keys.
func suggestion(name, prefix, there string, known []string) string {
	if i := slices.IndexFunc(known, func(key string) bool { return strings.EqualFold(key, name) }); i >= 0 {
		return "write " + prefix + known[i]
	}
	return there + " the keys " + strings.Join(known, ", ")
}

// sameKey makes mapstructure match keys case-sensitively, like checkKeys: a key reported as unknown has no effect.
func sameKey(key, field string) bool { return key == field }

// kinds names types in the words of the configuration's author.
var kinds = map[reflect.Kind]string{
	reflect.Bool: "true or false", reflect.Int: "a whole number", reflect.String: "a text", reflect.Slice: "a list", reflect.Struct: "an object",
}

// withoutNulls removes keys without a value, as in a half-written file, so they keep their defaults.
func withoutNulls(raw any) any {
	if object, isObject := raw.(map[string]any); isObject {
		for key, value := range object {
			if object[key] = withoutNulls(value); value == nil {
				delete(object, key)
			}
		}
	}
	return raw
}

// checkKind rejects a value of the wrong type. The error of mapstructure would not contain the value.
func checkKind(show func(any) string) mapstructure.DecodeHookFuncValue {
	return func(from, to reflect.Value) (any, error) {
		value := from.Interface()
		number, isNumber := value.(json.Number)
		fits := from.Kind() == to.Kind() && !isNumber
		switch to.Kind() {
		case reflect.Int:
			_, err := number.Int64()
			fits = isNumber && err == nil
		case reflect.Struct:
			fits = from.Kind() == reflect.Map
		case reflect.Pointer:
			fits = true // its element is checked next
		default: // the types are equal
		}
		if !fits {
			return nil, fmt.Errorf("%s is not %s", show(value), kinds[to.Kind()])
		}
		return value, nil
	}
}

// shown returns a value as JSON.
func shown(value any) string {
	text, _ := json.Marshal(value) //nolint:errchkjson // the value was decoded from JSON
	return string(text)
}

// addDecodeErrors splits the errors of mapstructure into one line each, with the full key as prefix.
func (l *loader) addDecodeErrors(key string, err error) {
	var list interface{ Unwrap() []error }
	var at *mapstructure.DecodeError
	switch {
	case err == nil:
	case errors.As(err, &list):
		for _, e := range list.Unwrap() {
			l.addDecodeErrors(key, e)
		}
	case errors.As(err, &at):
		path := strings.ReplaceAll(strings.TrimSuffix(key+"."+at.Name(), "."), ".[", "[") // the name of a list's element begins with its index
		l.add("%s: %w", path, at.Unwrap())
	default:
		l.add("%s: %w", key, err)
	}
}
