package cluster

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// Decode converts an object of the dynamic client to its type. Its error names the object.
func Decode[T any](live *unstructured.Unstructured) (typed T, err error) {
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(live.Object, &typed); err != nil {
		return typed, fmt.Errorf("%s: %w", Name(live), err)
	}
	return typed, nil
}
