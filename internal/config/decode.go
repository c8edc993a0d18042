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

// unmarshal reads one JSON value with nothing behind it; numbers stay as they are written, so that 2.5 replicas are an
// error, not 2.
func unmarshal(text string, into any) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return err //nolint:wrapcheck // whoever asks knows which key it is
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something stands behind it")
	}
	return nil
}

// checkKeys lists the keys that an object does not have.
func (l *loader) checkKeys(path string, raw any, typ reflect.Type) {
	object, isObject := raw.(map[string]any)
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if !isObject || typ.Kind() != reflect.Struct {
		return
	}
	known := map[string]reflect.Type{}
	for _, field := range reflect.VisibleFields(typ) {
		if field.Anonymous {
			continue // its fields are visible themselves
		}
		known[field.Tag.Get("mapstructure")] = field.Type
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if inner, found := known[name]; found {
			l.checkKeys(path+"."+name, object[name], inner)
			continue
		}
		l.add("%s.%s is unknown: %s", path, name, meant(name, path+".", path+" has", slices.Sorted(maps.Keys(known))))
	}
}

// meant names the key below prefix that differs from an unknown one by its case alone, or else all that there are.
func meant(name, prefix, there string, known []string) string {
	if i := slices.IndexFunc(known, func(key string) bool { return strings.EqualFold(key, name) }); i >= 0 {
		return "write " + prefix + known[i]
	}
	return there + " the keys " + strings.Join(known, ", ")
}

// sameKey has mapstructure match keys by case, as checkKeys does: a key that is reported as unknown has no effect.
func sameKey(key, field string) bool { return key == field }

// kinds says what a value should be, in the words of whoever writes the configuration.
var kinds = map[reflect.Kind]string{
	reflect.Bool: "true or false", reflect.Int: "a whole number", reflect.String: "a text", reflect.Slice: "a list", reflect.Struct: "an object",
}

// withoutNulls leaves out the keys of objects that have no value, as in a file that is half written: they keep their defaults.
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

// checkKind refuses a value of another kind than its key takes, before mapstructure does so without naming the value.
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
		default: // the same kind is enough
		}
		if !fits {
			return nil, fmt.Errorf("%s is not %s", show(value), kinds[to.Kind()])
		}
		return value, nil
	}
}

// shown is a value as JSON writes it.
func shown(value any) string {
	text, _ := json.Marshal(value) //nolint:errchkjson // it came from JSON
	return string(text)
}

// addDecodeErrors takes mapstructure's list apart, so that each of its errors is one line with the full key in front.
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
		l.add("%s: %w", strings.TrimSuffix(key+"."+at.Name(), "."), at.Unwrap())
	default:
		l.add("%s: %w", key, err)
	}
}
