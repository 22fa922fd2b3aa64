// A peer on Go's crypto/tls. Its command line is the one that others.py describes.
package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
)

func fail(why ...any) {
	fmt.Fprintln(os.Stderr, why...)
	os.Exit(1)
}

func must[T any](value T, err error) T {
	if err != nil {
		fail(err)
	}
	return value
}

func options(words []string) map[string]string {
	found := map[string]string{}
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		found[name] = value
	}
	return found
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func facts(conn *tls.Conn) {
	s := conn.ConnectionState()
	alpn := s.NegotiatedProtocol
	if alpn == "" {
		alpn = "-"
	}
	version := map[uint16]string{tls.VersionTLS12: "TLSv1.2"}[s.Version]
	fmt.Printf("facts version=%s suite=%04x alpn=%s resumed=%s peer=%s\n", version, s.CipherSuite, alpn,
		yes(s.DidResume), yes(len(s.PeerCertificates) > 0))
}

func settings(o map[string]string) *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12}
	if o["cert"] != "" {
		config.Certificates = []tls.Certificate{must(tls.LoadX509KeyPair(o["cert"], o["key"]))}
	}
	if o["alpn"] != "" {
		config.NextProtos = strings.Split(o["alpn"], ",")
	}
	for _, id := range strings.Split(o["suites"], ",") {
		if n, err := strconv.ParseUint(id, 16, 16); err == nil {
			config.CipherSuites = append(config.CipherSuites, uint16(n))
		}
	}
	if o["ca"] != "" {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(must(os.ReadFile(o["ca"])))
		config.RootCAs, config.ClientCAs = pool, pool
	}
	return config
}

func serve(o map[string]string) {
	config := settings(o)
	if o["ca"] != "" {
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	fmt.Println("listening", listener.Addr().(*net.TCPAddr).Port)
	for {
		raw := must(listener.Accept())
		go func() {
			conn := tls.Server(raw, config)
			defer conn.Close()
			if err := conn.Handshake(); err != nil {
				fmt.Println("failed", err)
				return
			}
			facts(conn)
			io.Copy(conn, conn)
		}()
	}
}

func connect(port string, o map[string]string) {
	config := settings(o)
	config.ServerName = o["name"]
	config.ClientSessionCache = tls.NewLRUClientSessionCache(4)
	line := append(must(io.ReadAll(os.Stdin)), '\n')
	times := 1
	if o["times"] != "" {
		times = must(strconv.Atoi(o["times"]))
	}
	for ; times > 0; times-- {
		conn := must(tls.Dial("tcp", "127.0.0.1:"+port, config))
		must(conn.Write(line))
		back := make([]byte, len(line))
		must(io.ReadFull(conn, back))
		if !bytes.Equal(back, line) {
			fail("another line came back")
		}
		facts(conn)
		if err := conn.CloseWrite(); err != nil {
			fail(err)
		}
		// The peer's close_notify: anything else is an error of Read.
		if n, err := conn.Read(back); n != 0 || err != io.EOF {
			fail("no clean end:", err)
		}
		conn.Close()
	}
}

func main() {
	switch os.Args[1] {
	case "serve":
		serve(options(os.Args[2:]))
	case "connect":
		connect(os.Args[2], options(os.Args[3:]))
	}
}
