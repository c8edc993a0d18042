// Package components contains the parts of the site as Pulumi component resources. A component gets all inputs in its
// Args, creates its objects as children, and exports outputs for other components. It reads no configuration.
package components
