package config

import "regexp"

// RestoredDatabase matches the end of the database names that `hankki restore` generates.
var RestoredDatabase = regexp.MustCompile(`_restored_[0-9]{14}$`)
