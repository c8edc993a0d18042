package config

import "slices"

// KeysOfOneRole are the keys that only the platform or only a site uses.
var KeysOfOneRole = slices.Concat(platformKeys, siteKeys)

// Defaults returns the values of keys that are not set.
func Defaults() *Config { return defaults() }
