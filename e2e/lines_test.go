package e2e

import (
	"strings"
	"sync"
)

// lines is the output of a running command so far. Goroutines may write and read at the same time.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *lines) has(words ...string) bool {
	text := l.String()
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
