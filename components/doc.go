// Package components holds the parts of the site as Pulumi component resources. A component gets all it needs in its
// Args, makes its own objects as its children, and gives what others need as outputs. It reads no configuration.
package components
