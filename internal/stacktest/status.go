package stacktest

import (
	"fmt"
	"net/http"
	"strings"
)

// WriteStatus writes the error response of an API server. Its reason is that of the code, such as NotFound.
func WriteStatus(w http.ResponseWriter, code int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	reason := strings.ReplaceAll(http.StatusText(code), " ", "")
	fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","message":%q,"code":%d,"reason":%q}`, message, code, reason)
}
