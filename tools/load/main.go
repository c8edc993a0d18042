// load reads URLs at a constant rate, each in turn, until it is interrupted, and prints one line of JSON per read.
//
// It is vegeta's library with another dialer. A connection to an address and port that no Service has stays in a node's
// connection tracking for 120 s, without destination NAT. A later connection from the same local port matches that entry, goes
// back to the LAN and gets no answer. The command vegeta binds connections to random ports; this one uses no port twice.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"
)

func main() {
	rate := flag.Int("rate", 20, "reads per second, of all URLs together")
	timeout := flag.Duration("timeout", 10*time.Second, "how long a read may take")
	keepAlive := flag.Bool("keepalive", true, "use connections again")
	authority := flag.String("root-certs", "", "PEM file of the certificate authority; empty: the system's")
	http2 := flag.Bool("http2", true, "offer HTTP/2 over TLS")
	flag.Parse()
	if err := run(*rate, *timeout, *keepAlive, *http2, *authority, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(rate int, timeout time.Duration, keepAlive, http2 bool, authority string, urls []string) error {
	if len(urls) == 0 {
		return fmt.Errorf("no URL is given")
	}
	roots, err := rootsOf(authority)
	if err != nil {
		return err
	}
	client := &http.Client{Timeout: timeout, Transport: &http.Transport{
		DialContext:       dial,
		DisableKeepAlives: !keepAlive, MaxIdleConnsPerHost: vegeta.DefaultConnections,
		TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: http2,
	}}
	targets := make([]vegeta.Target, len(urls))
	for i, url := range urls {
		targets[i] = vegeta.Target{Method: http.MethodGet, URL: url}
	}
	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	attacker := vegeta.NewAttacker(vegeta.Client(client))
	go func() {
		<-interrupted.Done()
		attacker.Stop()
	}()
	print := vegeta.NewJSONEncoder(os.Stdout)
	const endless = 0
	for read := range attacker.Attack(vegeta.NewStaticTargeter(targets...), vegeta.Rate{Freq: rate, Per: time.Second}, endless, "") {
		if err := print(read); err != nil {
			return err
		}
	}
	return nil
}

// rootsOf are the certificates of the file; nil, the system's, if there is none.
func rootsOf(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s has no certificate", file)
	}
	return roots, nil
}
