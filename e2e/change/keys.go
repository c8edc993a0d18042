package change

import (
	"reflect"
	"slices"
	"strings"
	"unicode"

	"hankki/internal/config"
)

// Keys returns all configuration keys of a stack, by full path without the project's name: the fields of config.Config down to
// values and lists, and the secrets. declared are the keys of Pulumi.yaml; a field without a declared key is listed by its own
// name.
func Keys(declared []string) (keys []string) {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[config.Config]()) {
		if field.Type == reflect.TypeFor[config.Secrets]() {
			for _, secret := range reflect.VisibleFields(field.Type) {
				keys = append(keys, lowerFirst(secret.Name))
			}
			continue
		}
		if slices.Contains(notKeys, field.Name) {
			continue
		}
		name := lowerFirst(field.Name)
		if field.Type == reflect.TypeFor[config.References]() {
			name = "secrets" // Config.Secrets are the values
		}
		for _, key := range declared {
			if strings.EqualFold(key, field.Name) {
				name = key
			}
		}
		keys = append(keys, leaves(name, field.Type)...)
	}
	return keys
}

// notKeys are the fields of Config that no key of the stack sets.
var notKeys = []string{"Warnings", "Command", "Engine", "Files", "External"}

func leaves(path string, typ reflect.Type) (keys []string) {
	if typ.Kind() == reflect.Pointer { // nil is unset
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct {
		return []string{path}
	}
	for _, field := range reflect.VisibleFields(typ) {
		if !field.Anonymous { // an embedded struct's fields are visible themselves
			keys = append(keys, leaves(path+"."+field.Tag.Get("mapstructure"), field.Type)...)
		}
	}
	return keys
}

// lowerFirst returns a field's name as a key: databaseKey for DatabaseKey, and tlsKey for TLSKey.
func lowerFirst(name string) string {
	letters := []rune(name)
	for i, letter := range letters {
		if !unicode.IsUpper(letter) || i > 0 && i+1 < len(letters) && unicode.IsLower(letters[i+1]) {
			break
		}
		letters[i] = unicode.ToLower(letter)
	}
	return string(letters)
}
