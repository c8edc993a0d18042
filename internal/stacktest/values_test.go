package stacktest

import (
	"reflect"
	"testing"
)

// A row of a table may share its objects with other rows, so Set must not change an object that it was given.
func TestSetChangesNoSharedObject(t *testing.T) {
	shared := map[string]any{"host": "a", "pool": map[string]any{"size": 1}}
	v := Values{}
	v.Set("database", shared)
	v.Set("database.pool.size", 2)
	v.Set("redis.persistence.enabled", true)
	want := Values{
		"database": map[string]any{"host": "a", "pool": map[string]any{"size": 2}},
		"redis":    map[string]any{"persistence": map[string]any{"enabled": true}},
	}
	if !reflect.DeepEqual(v, want) {
		t.Errorf("the values are %v, not %v", v, want)
	}
	if size := shared["pool"].(map[string]any)["size"]; size != 1 {
		t.Errorf("the shared object has the size %v", size)
	}
}
