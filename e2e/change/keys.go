package change

import (
	"reflect"
	"slices"
	"strings"
	"unicode"

	"hankki/internal/config"
)

// Keys are all that a stack can be told, by full path without the project's name: the fields of config.Config down to values
// and lists, and the secrets. Declared are the keys of Pulumi.yaml, which give the fields of Config their names; a field
// without one is listed under its own name.
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

// notKeys are the fields of Config that no key of the stack sets: what Load reports, the environment of a command, and the
// configuration of the docker plugin.
var notKeys = []string{"Warnings", "Command", "Engine", "Files", "External"}

func leaves(path string, typ reflect.Type) (keys []string) {
	if typ.Kind() == reflect.Pointer { // to tell what is absent from what is empty
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

// lowerFirst is a field's name as a key: DatabaseKey is databaseKey, and TLSKey is tlsKey.
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
