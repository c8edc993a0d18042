package config

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"
)

// CommandVariable is the variable of the environment by which a command of cmd/hankki leads the program that it runs to its Command. It
// holds the path of a socket, not the Command itself, so left in a shell it leads nowhere once the command has ended, however it ended.
const CommandVariable = "HANKKI_RUN"

// Command is what a command runs the program for; the zero value: a person runs it. It is no key, for it holds for one run only.
type Command struct {
	// Handover is the namespace of another site whose Services hold this stack's addresses until `hankki handover` deletes them.
	Handover string
	// Move is, in a preview, the namespace that `hankki move` tries in the place of hankki:namespace.
	Move string
	// Adopt: in a preview, `hankki adopt` asks what the stack would create, beside the objects of others. An up refuses those all the same.
	Adopt bool
}

// commandLimit is for an answer of a process of the same machine.
const commandLimit = 10 * time.Second

// Offer answers programs with the Command at the path, until end is called or this process ends.
func (c Command) Offer() (path string, end func(), err error) {
	text, err := json.Marshal(c)
	if err != nil {
		return "", nil, fmt.Errorf("what the program is run for: %w", err)
	}
	folder, err := os.MkdirTemp("", "hankki") // for this user only, as the socket is
	if err != nil {
		return "", nil, fmt.Errorf("a socket for the program: %w; TMPDIR names another folder", err)
	}
	path = filepath.Join(folder, "run")
	listener, err := net.Listen("unix", path) //nolint:noctx // it has no name to look up
	if err != nil {
		_ = os.Remove(folder)
		return "", nil, fmt.Errorf("a socket for the program: %w; TMPDIR names another folder, with a shorter path", err)
	}
	go func() {
		for {
			program, err := listener.Accept()
			if err != nil {
				return // it is closed
			}
			_, _ = program.Write(text) // a program that does not listen to its end says so
			_ = program.Close()
		}
	}()
	return path, func() { _ = listener.Close(); _ = os.RemoveAll(folder) }, nil
}

// LoadCommand asks the command that runs the program, if one does. A variable of a command that has ended is refused: a person would take
// the run for one of their own.
func (c *Config) LoadCommand(preview bool) error {
	path := os.Getenv(CommandVariable)
	if path == "" {
		return nil
	}
	command, err := askCommand(path)
	if err != nil {
		return fmt.Errorf("%s is set in the environment, but the command of hankki that set it has ended: `unset %[1]s` (%w)", CommandVariable, err)
	}
	if !preview {
		command = Command{Handover: command.Handover}
	}
	if c.Command = command; command.Move != "" {
		c.Namespace = command.Move
	}
	return nil
}

func askCommand(path string) (c Command, err error) {
	connection, err := net.DialTimeout("unix", path, commandLimit) //nolint:gosec,noctx // a socket of this machine, named by the user who runs the program
	if err != nil {
		return c, err //nolint:wrapcheck // it names the path
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(commandLimit)); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	if err := json.NewDecoder(connection).Decode(&c); err != nil {
		return Command{}, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}
