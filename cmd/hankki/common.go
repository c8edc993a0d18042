package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// common are the flags of all commands.
type common struct {
	stack, folder string
	output        choice
}

// choice is a flag with a fixed set of values.
type choice struct {
	value  string
	values []string
}

// String returns the value.
func (c *choice) String() string { return c.value }

// Type returns the type that --help prints.
func (c *choice) Type() string { return strings.Join(c.values, "|") }

// Set rejects other values.
func (c *choice) Set(value string) error {
	if !slices.Contains(c.values, value) {
		return fmt.Errorf("%q is not one of %s", value, strings.Join(c.values, ", "))
	}
	c.value = value
	return nil
}

// missing returns a usage error with the messages of all flags that are empty.
func missing(flags map[string]string) error {
	var errs []error
	for _, message := range slices.Sorted(maps.Keys(flags)) {
		if flags[message] == "" {
			errs = append(errs, errors.New(message))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return useError{err}
	}
	return nil
}

// print writes the result as JSON or through text, depending on --output.
func (c *common) print(out io.Writer, result any, text func(io.Writer)) error {
	if c.output.value != "json" {
		text(out)
		return nil
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(withEmptyLists(result)); err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	return nil
}

// withEmptyLists returns the result with empty slices instead of nil ones, which encoding/json prints as null.
func withEmptyLists(result any) any {
	root := reflect.New(reflect.TypeOf(result)).Elem()
	root.Set(reflect.ValueOf(result))
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if !v.IsNil() {
				fill(v.Elem())
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					fill(v.Field(i))
				}
			}
		case reflect.Slice:
			if v.IsNil() && v.CanSet() {
				v.Set(reflect.MakeSlice(v.Type(), 0, 0))
			}
			for i := range v.Len() {
				fill(v.Index(i))
			}
		default: // no result has a list in a map or in an interface
		}
	}
	fill(root)
	return root.Interface()
}
