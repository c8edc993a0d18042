package config_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"hankki/internal/config"
)

// README.md names the comments of the fields as the reference of each key. The versions of charts have one place, defaults.
func TestCommentsNameTheDefaults(t *testing.T) {
	comments := fieldComments(t)
	var check func(v reflect.Value)
	check = func(v reflect.Value) {
		for i := range v.NumField() {
			field, value := v.Type().Field(i), v.Field(i)
			switch {
			case value.Type() == reflect.TypeFor[config.Chart]():
			case value.Kind() == reflect.Struct:
				check(value)
			case value.Kind() != reflect.Bool && !value.IsZero():
				name := v.Type().Name() + "." + field.Name
				text := fmt.Sprint(value)
				if c := comments[name]; !strings.Contains(c, "default "+text) && !strings.Contains(c, text+" (default)") {
					t.Errorf("the comment of config.%s is %q, without its default %s", name, c, text)
				}
			}
		}
	}
	check(reflect.ValueOf(config.Defaults()).Elem())
}

// fieldComments returns the comment of each field of the package's structs, by TYPE.FIELD.
func fieldComments(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	comments := map[string]string{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if fields, ok := spec.Type.(*ast.StructType); ok {
				for _, f := range fields.Fields.List {
					for _, name := range f.Names {
						comments[spec.Name.Name+"."+name.Name] = f.Doc.Text() + f.Comment.Text()
					}
				}
			}
			return true
		})
	}
	return comments
}
