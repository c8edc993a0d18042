package registry

import "time"

// SetLimit changes the time limit of queries.
func (c *Client) SetLimit(limit time.Duration) { c.limit = limit }
