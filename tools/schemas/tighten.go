package main

// tighten changes an OpenAPI schema in place to a JSON schema of what the API server accepts under strict field validation: it forbids
// fields that are not described, allows an integer or a string for int-or-string and null where nullable is set, and drops descriptions.
//
// It walks the structure of the schema, because a property may have the name "properties".
func tighten(s schema) {
	delete(s, "description")
	if s["format"] == "int-or-string" || s["x-kubernetes-int-or-string"] == true {
		delete(s, "type")
		delete(s, "format")
		s["anyOf"] = anyOf("integer", "string")["anyOf"]
	}
	if s["nullable"] == true {
		s["type"] = []any{s["type"], "null"}
	}
	properties, described := s["properties"].(schema)
	for _, property := range properties {
		tightenIfSchema(property)
	}
	if _, declared := s["additionalProperties"]; described && !declared && s["x-kubernetes-preserve-unknown-fields"] != true {
		s["additionalProperties"] = false
	}
	tightenIfSchema(s["additionalProperties"])
	tightenIfSchema(s["items"])
}

func tightenIfSchema(node any) {
	if s, ok := node.(schema); ok {
		tighten(s)
	}
}

func anyOf(types ...string) schema {
	alternatives := make([]any, 0, len(types))
	for _, t := range types {
		alternatives = append(alternatives, schema{"type": t})
	}
	return schema{"anyOf": alternatives}
}
