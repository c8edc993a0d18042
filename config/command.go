package config

import "os"

// Variables of the environment by which a command of cmd/hankki tells the program what it is run for. They are no keys, for each holds
// for one update only.
const (
	HandoverVariable = "HANKKI_HANDOVER" // sets Command.Handover
	MoveVariable     = "HANKKI_MOVE"     // in a preview, takes the place of hankki:namespace
	AdoptVariable    = "HANKKI_ADOPT"    // in a preview, sets Command.Adopt
)

// Command is what a command runs the program for; the zero value: a person runs it.
type Command struct {
	// Handover is the namespace of another site whose Services hold this stack's addresses until `hankki handover` deletes them.
	Handover string
	// Move: Config.Namespace is one that `hankki move` tries by a preview, not the one of the configuration.
	Move bool
	// Adopt: `hankki adopt` asks what the stack would create, beside the objects of others. An up refuses those all the same.
	Adopt bool
}

// LoadCommand reads the environment.
func (c *Config) LoadCommand(preview bool) {
	c.Command.Handover = os.Getenv(HandoverVariable)
	if !preview {
		return
	}
	c.Command.Adopt = os.Getenv(AdoptVariable) != ""
	if to := os.Getenv(MoveVariable); to != "" {
		c.Namespace, c.Command.Move = to, true
	}
}
