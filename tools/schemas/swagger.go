package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// quantity is the only definition with type string for which the API server also accepts numbers.
const quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity"

// fromSwagger returns a schema for each kind in Kubernetes's OpenAPI 2 document. A schema contains only the definitions that it refers
// to.
func fromSwagger(data []byte) (map[kind]schema, error) {
	var document struct{ Definitions map[string]schema }
	if err := json.Unmarshal(data, &document); err != nil {
		return nil, fmt.Errorf("not an OpenAPI document: %w", err)
	}
	definitions := document.Definitions
	for _, definition := range definitions {
		tighten(definition)
	}
	if _, ok := definitions[quantity]; ok {
		definitions[quantity] = anyOf("string", "number")
	}

	schemas := map[kind]schema{}
	for name, definition := range definitions {
		k, ok := kindOf(definition)
		if !ok {
			continue
		}
		needed := map[string]any{}
		if err := collect(definition, definitions, needed); err != nil {
			return nil, fmt.Errorf("definition %q: %w", name, err)
		}
		needed[name] = definition
		schemas[k] = schema{"$ref": reference + name, "definitions": needed}
	}
	return schemas, nil
}

// kindOf reads the extension with a definition's kind. A definition that belongs to several groups, such as DeleteOptions, is never a
// manifest.
func kindOf(definition schema) (kind, bool) {
	kinds, _ := definition["x-kubernetes-group-version-kind"].([]any)
	if len(kinds) != 1 {
		return kind{}, false
	}
	gvk, _ := kinds[0].(schema)
	group, _ := gvk["group"].(string)
	version, _ := gvk["version"].(string)
	name, _ := gvk["kind"].(string)
	return kind{strings.TrimPrefix(group+"/"+version, "/"), name}, name != "" && version != ""
}

const reference = "#/definitions/"

// collect adds all definitions that node refers to, directly or indirectly, to needed.
func collect(node any, definitions map[string]schema, needed map[string]any) error {
	switch node := node.(type) {
	case []any:
		for _, child := range node {
			if err := collect(child, definitions, needed); err != nil {
				return err
			}
		}
	case schema:
		if to, ok := node["$ref"].(string); ok {
			name := strings.TrimPrefix(to, reference)
			if _, ok := definitions[name]; !ok {
				return fmt.Errorf("it refers to %q, which does not exist", to)
			}
			if _, ok := needed[name]; ok {
				return nil
			}
			needed[name] = definitions[name]
			return collect(definitions[name], definitions, needed)
		}
		for _, child := range node {
			if err := collect(child, definitions, needed); err != nil {
				return err
			}
		}
	}
	return nil
}
