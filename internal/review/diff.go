package review

import (
	"fmt"

	"github.com/aymanbagabas/go-udiff"
	"sigs.k8s.io/yaml"
)

// around is the number of context lines of a change.
const around = 3

// diff returns the unified diff of the object's manifests, with placeholders for secrets.
func diff(o Object) (string, error) {
	old, err := manifestOf(o.before.Object)
	if err != nil {
		return "", fmt.Errorf("%s: %w", o.Name, err)
	}
	now, err := manifestOf(o.after.Object)
	if err != nil {
		return "", fmt.Errorf("%s: %w", o.Name, err)
	}
	text, err := udiff.ToUnified(label(old, o), label(now, o), old, udiff.Strings(old, now), around)
	if err != nil {
		return "", fmt.Errorf("%s: %w", o.Name, err)
	}
	return text, nil
}

func label(text string, o Object) string {
	if text == "" {
		return "/dev/null"
	}
	return o.Name.String()
}

func manifestOf(object map[string]any) (string, error) {
	if object == nil {
		return "", nil
	}
	text, err := yaml.Marshal(object)
	return string(text), err
}
