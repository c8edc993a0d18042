package config

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"
)

// CommandVariable is the environment variable by which a command of cmd/hankki passes its Command to the program that it
// runs. It contains the path of a socket, not the Command itself. If it remains set in a shell, it has no effect once the
// command has exited, even after a crash.
const CommandVariable = "HANKKI_RUN"

// Command is the purpose for which a command runs the program; the zero value: the program was started directly. It is not
// a configuration key, because it applies to one run only.
type Command struct {
	// Handover is the namespace of another site, whose Services hold this stack's addresses until `hankki handover`
	// deletes them.
	Handover string
	// Move is the namespace that `hankki move` tries instead of hankki:namespace; previews only.
	Move string
	// Adopt is set in the preview of `hankki adopt`, which lists what the stack would create next to objects of other
	// owners. An up rejects such objects regardless.
	Adopt bool
}

// commandLimit bounds the response time of a process on the same machine.
const commandLimit = 10 * time.Second

// Offer serves the Command to programs on the socket at path, until end is called or this process exits.
func (c Command) Offer() (path string, end func(), err error) {
	text, err := json.Marshal(c)
	if err != nil {
		return "", nil, fmt.Errorf("the command that runs the program: %w", err)
	}
	folder, err := os.MkdirTemp("", "hankki") // accessible only to this user, like the socket
	if err != nil {
		return "", nil, fmt.Errorf("a socket for the program: %w; TMPDIR names another folder", err)
	}
	path = filepath.Join(folder, "run")
	listener, err := net.Listen("unix", path) //nolint:noctx // no DNS lookup
	if err != nil {
		_ = os.Remove(folder) // the error below is the one to report
		return "", nil, fmt.Errorf("a socket for the program: %w; TMPDIR names another folder, with a shorter path", err)
	}
	go func() {
		for {
			program, err := listener.Accept()
			if err != nil {
				return // the listener is closed
			}
			_, _ = program.Write(text) // the program reports an incomplete read itself
			_ = program.Close()        // the text has been sent
		}
	}()
	return path, func() { _ = listener.Close(); _ = os.RemoveAll(folder) }, nil // an empty folder of the temporary ones may stay
}

// LoadCommand reads the Command from the calling command, if the program was started by one. It returns an error if that
// command has exited: the run would look like one that was started directly.
func (c *Config) LoadCommand(preview bool) error {
	path := os.Getenv(CommandVariable)
	if path == "" {
		return nil
	}
	command, err := readCommand(path)
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

func readCommand(path string) (c Command, err error) {
	connection, err := net.DialTimeout("unix", path, commandLimit) //nolint:gosec,noctx // a local socket, named by the user who runs the program
	if err != nil {
		return c, err //nolint:wrapcheck // the error contains the path
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
